#!/bin/sh
# pages.sh: the session written down: as a notebook, which nbformat validates and nbconvert opens where python3 has them,
# and as one page of HTML.
. "$top_srcdir/tests/cli/lib.sh"

cat >s.thaw <<'END'
# What <b>five</b> digits & teach
#
# Features first.
timing off
build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 5, softmax"
train gte5 limit=200 epochs=2 # for a start
export png digits d.png
export svg plot c.svg
bail off
freeze conv9
print "<script>alert('1')</script> & ü"
print 1; print 1
help train
assert params < 3
END
python() { # MODULE
	python3 -c "import $1" 2>/dev/null || { echo "python3 has no $1: what it says is left out"; return 1; }
}

# ---- the notebook ----

it 'writes a notebook of the commands and answers, the same bytes each time'
"$THAW" s.thaw -c 'export ipynb a.ipynb; export ipynb b.ipynb' >"$out" 2>"$err"
out_has 'wrote a.ipynb (' cells
"$THAW" s.thaw -c 'export ipynb c.ipynb' >"$out" 2>"$err"
same a.ipynb c.ipynb
cp a.ipynb "$out"
out_has '"nbformat_minor": 5' '"%%thaw\n"' '"train gte5 limit=200 epochs=2 # for a start"' 'What &lt;b>five&lt;/b> digits &amp; teach' \
	'"output_type": "display_data"' '"image/png": "iVBORw0KGgo' '"image/svg+xml": "<?xml' '"name": "stderr"' 'ü'
out_lacks 'export ipynb' 'no layer matches' 'help train' '"id": ""'
cp b.ipynb "$out" # run again, a notebook does not write over itself
out_lacks 'export ipynb'
grep '"id"' a.ipynb | sort | uniq -d >"$out"
no_out
if python nbformat; then
	python3 - >"$out" 2>"$err" <<'END' || unmet 'what nbformat reads'
import nbformat
book = nbformat.read("a.ipynb", as_version=nbformat.NO_CONVERT)
nbformat.validate(book)
cells = [c for c in book.cells if c.source.startswith("%%thaw")]
assert [c.source.split("\n")[1].split()[0] for c in cells] == \
    "timing build train export export bail print print print assert plot".split(), cells
assert cells[6].outputs[0].text == "<script>alert('1')</script> & ü\n", cells[6]
assert cells[9].outputs[0].name == "stderr" and "error" in cells[9].outputs[0].text
assert [list(o.data) for i in (3, 4, 10) for o in cells[i].outputs if o.output_type == "display_data"] == \
    [["text/plain", "image/png"], ["text/plain", "image/svg+xml"], ["text/plain", "image/png"]]
assert len({c.id for c in book.cells}) == len(book.cells)
END
fi
if python nbconvert; then
	python3 - >"$out" 2>"$err" <<'END' || unmet 'what nbconvert opens'
from nbconvert import HTMLExporter
page = HTMLExporter().from_filename("a.ipynb")[0]
assert "train" in page and "data:image/png;base64,iVBOR" in page and "<script>alert(" not in page
END
fi
if python nbclient && python ipykernel && [ "$sanitized" = no ]; then
	it 'writes a notebook that gives the same answers when it is run'
	mkdir bin
	ln -s "$THAW" bin/thaw
	PATH=$PWD/bin:$PATH python3 - >"$out" 2>"$err" <<'END' || unmet 'the same answers'
import nbclient
import nbformat
book = nbformat.read("a.ipynb", as_version=4)
def said():
    return ["".join(o.get("text", "") for o in c.get("outputs", []) if o.get("name") == "stdout") for c in book.cells]
before = said()
nbclient.NotebookClient(book, timeout=60).execute()
after = said()
assert sum(b != "" for b in before) >= 7, before
for b, a in zip(before, after):
    assert b in (a, ""), (b, a)
END
fi

it 'begins with what the command line has set, so that it trains the same again'
few_pictures 'few pictures'
"$THAW" --seed 7 --data 'few pictures' -c 'timing off; train gte5 limit=100 epochs=1; export ipynb seed.ipynb; export html seed.html' \
	>"$out" 2>"$err"
out_has 'seed=7' 'data=few pictures'
grep '^Test\|^run' "$out" >first
thaw seed.ipynb
works
grep '^Test\|^run' "$out" >second
same first second
cp seed.ipynb "$out"
out_has '"data \"few pictures\""' '"set seed 7"'
cp seed.html "$out"
out_has '<pre class="in">set seed 7</pre>'
mv 'few pictures' few=pictures # which is no key
thaw --data few=pictures -c 'build "flatten | dense 5, softmax"; predict test:0; export ipynb key.ipynb'
thaw key.ipynb
works
mv few=pictures 'few pictures'

# ---- the page ----

it 'writes one page without scripts or a network, and escapes what was said'
"$THAW" s.thaw -c 'export html a.html; export html' >"$out" 2>"$err"
out_has 'wrote a.html (' 'wrote thaw-session.html'
"$THAW" s.thaw -c 'export html b.html' >"$out" 2>"$err"
same a.html b.html
cp a.html "$out"
out_has '<meta charset="utf-8">' 'prefers-color-scheme: dark' "default-src 'none'" \
	'<pre class="in">print &quot;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; ü&quot;</pre>' \
	'What &lt;b&gt;five&lt;/b&gt; digits &amp; teach' '<span class="bad">thaw: s.thaw:10: error: freeze: no layer matches' \
	'src="data:image/png;base64,iVBOR' 'class="dark" alt="Loss and accuracy of the runs" src="data:image/svg+xml;base64,'
out_lacks '<script' '<b>' 'href=' 'src="http' '@import'
grep -c '<section>' a.html >"$out"
out_is 13

it 'says nothing of the curves that it adds by itself'
thaw -c 'build "flatten | dense 5, softmax"; set verbose 0; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; export html f.html; export ipynb f.ipynb'
works
out_has 'wrote f.html (' 'wrote f.ipynb ('
out_lacks 'when they are named'

it 'writes nothing of a session that has said nothing but this'
thaw -c 'export html e.html'
works
out_has 'wrote e.html (0 commands)'
thaw -c 'export ipynb plot'
refused 1 'ipynb has no plot'

done_testing
