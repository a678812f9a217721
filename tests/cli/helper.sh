#!/bin/sh
# helper.sh: the program that reads HDF5 for thaw may be anything, or be taken over by a file: nothing that it gives is believed.
. "$top_srcdir/tests/cli/lib.sh"

mkdir own
cp "$THAW" own/thaw
THAW=$PWD/own/thaw
printf '\211HDF\r\n\032\n and no more' >x.h5

helper() { # TEXT: what the shell runs in its place, once the file has been taken
	printf '#!/bin/sh\ncat >/dev/null\n%s\n' "$1" >own/thaw-hdf5
	chmod +x own/thaw-hdf5
}

gives() { # TEXT ERROR...: what it does, and what is said then
	it "refuses a helper that runs: $1"
	helper "$1"
	shift
	thaw -c 'load x.h5'
	refused 1 "$@"
	out_lacks 'loaded'
}

gives 'true' 'x.h5' 'gives nothing that it should; install thaw again'
gives 'printf x' 'gives nothing that it should'
gives 'printf -- -' 'gives nothing that it should'
gives 'printf -- "-is no file"' 'x.h5 is no file; get the file again, or load another'
gives 'printf +' 'x.h5 is too short for a safetensors file'
gives 'printf "+garbage that is longer than a length of eight bytes"' 'is no safetensors file'
gives 'printf "+\2\0\0\0\0\0\0\0{}"' 'conv2d.kernel is not in the file'
gives 'printf "+\2\0\0\0\0\0\0\0[]"' 'does not begin with {'
gives 'printf "+\72\0\0\0\0\0\0\0{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   1234"' 'has a damaged header'
gives 'exit 3' 'the program for HDF5' 'ended with status 3; get the file again, or load another'
gives 'exit 127' 'x.h5: the program for HDF5' 'a library that it needs is missing; install libhdf5 (on Debian libhdf5-103-1; `ldd` with that path names what is not found)'
err_lacks 'get the file again'
gives 'kill -9 $$' 'ended by signal 9'
gives 'head -c 70000000 /dev/zero' 'gives more than'

it 'refuses a helper that takes nothing'
printf '#!/bin/sh\nexec <&-\nprintf -- "-wants none of it"\n' >own/thaw-hdf5
head -c 3000000 /dev/zero >>x.h5
thaw -c 'load x.h5'
refused 1 'x.h5 wants none of it'

it 'says what a file is that is none'
mkdir folder.h5
thaw -c 'load folder.h5'
refused 1 'folder.h5 is not a regular file'
thaw -c 'load nowhere.h5'
refused 1 'nowhere.h5 cannot be opened'
: >empty.h5
helper 'printf -- "-is empty"'
thaw -c 'load empty.h5'
refused 1 'empty.h5 is empty'
truncate -s 5G large.h5
thaw -c 'load large.h5'
refused 1 'large.h5 has 5368709120 bytes, where at most'

it 'keeps a file that it was to replace'
echo kept >kept.keras
helper 'printf -- "-has no room"'
thaw -c 'build "flatten | dense 5, softmax"' -c 'save kept.keras'
refused 1 'has no room; close other programs, or save it as .safetensors'
echo kept | cmp -s - kept.keras || unmet 'the file as it was'
helper 'exit 1'
thaw -c 'build "flatten | dense 5, softmax"' -c 'save kept.keras'
refused 1 'ended with status 1; save it as .safetensors'
echo kept | cmp -s - kept.keras || unmet 'the file as it was'

done_testing
