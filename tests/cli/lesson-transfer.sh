#!/bin/sh
# lesson-transfer.sh: the whole activity on real MNIST, as a student runs it, and digits drawn for what has learned; under a
# sanitizer with few images.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
[ "$sanitized" != no ] || whole=yes

lesson transfer -c 'save learned.safetensors'
out_has 'Total params: 600,165'
[ "$sanitized" != no ] || out_has '29404 train samples' '30596 train samples' '4861 test samples' '5139 test samples'
out_has 'frozen: conv2d conv2d_1' 'bit-identical'
out_like '.*trainable 590,597 +non-trainable 9,568.*'

it 'writes the curves'
file_exists transfer.png transfer.csv
[ "$(head -c 4 transfer.png | od -An -c | tr -d ' ')" = '211PNG' ] || unmet 'a PNG file'
head -n 1 transfer.csv | tr -d '\r' | grep -qx 'epoch,accuracy,loss,val_accuracy,val_loss' || unmet "Keras' head of a CSV log"

it 'knows a 1 and a 0 that are drawn, by keys and by mouse'
if [ "$sanitized" = no ] && /usr/bin/python3 -c 'import pyte' 2>/dev/null; then
	/usr/bin/python3 "$top_srcdir/tests/tui/draw.py" learned.safetensors >drawn 2>&1 || unmet "a 1 and a 0: $(tail -n 40 drawn)"
fi

done_testing
