"""The calls of transforms of texts that MindSpore answered (scripts/record_text.py) and test_text.py repeats.

One line is one call. What names mean in it says `names`.
"""

from pathlib import Path

import numpy as np

CALLS = r"""
Vocab.from_list(["a", "b"], special_tokens=["<pad>"], special_first=False).vocab()
Vocab.from_list(["a", "b"], ["<pad>", "<unk>"]).vocab()
Vocab.from_list(["a", "a"])
Vocab.from_list(["a"], special_tokens=["a"])
Vocab.from_list(["a"], special_tokens=["p", "p"])
Vocab.from_list([]).vocab()
Vocab.from_list("abc")
Vocab.from_list([1])
Vocab.from_list(("a", "b"))
Vocab.from_dict({"a": 3, "b": 5}).vocab()
Vocab.from_dict({"a": -3})
Vocab.from_dict({"a": 1.0})
Vocab.from_dict({1: 1})
Vocab.from_dict({"a": 3, "b": 3}).ids_to_tokens(3)
vocab.tokens_to_ids("work")
vocab.tokens_to_ids(["work", "zz"])
vocab.tokens_to_ids("zz")
vocab.tokens_to_ids(["zz"])
vocab.tokens_to_ids([])
vocab.tokens_to_ids(np.array(["work", "##s"]))
vocab.tokens_to_ids(np.array("work"))
vocab.tokens_to_ids(np.array([["work"]]))
vocab.tokens_to_ids(3)
vocab.tokens_to_ids(["work", 3])
vocab.ids_to_tokens(1)
vocab.ids_to_tokens([0, 99])
vocab.ids_to_tokens([0])
vocab.ids_to_tokens(99)
vocab.ids_to_tokens(-1)
vocab.ids_to_tokens(True)
vocab.ids_to_tokens([])
vocab.ids_to_tokens(np.array([1, 2]))
vocab.ids_to_tokens("a")
vocab.ids_to_tokens([1.5])
Vocab().vocab()
Vocab.from_file("nofile")
Vocab.from_file("words").vocab()
Vocab.from_file("words", ",").vocab()
Vocab.from_file("words", ",", 2, ["<p>"], False).vocab()
Vocab.from_file("words", ",", 99, ["<p>", "<q>"], True).vocab()
Vocab.from_file("words", ",", 0)
Vocab.from_file("words", ",", special_tokens=["w1"])
Vocab.from_file("words", ",", special_tokens=["p", "p"])
Vocab.from_file("words", "1,").vocab()
Vocab.from_file("windows").vocab()
Vocab.from_file("twice").vocab()
Vocab.from_dataset(rows()).vocab()
Vocab.from_dataset(rows(), "x").vocab()
Vocab.from_dataset(rows(), ["x"], (2, None)).vocab()
Vocab.from_dataset(rows(), ["x", "y"], (2, 3)).vocab()
Vocab.from_dataset(rows(), ["x"], (None, 2), 2).vocab()
Vocab.from_dataset(rows(), ["x"], None, 2, ["<p>", "<u>"], False).vocab()
Vocab.from_dataset(rows(), ["x"], None, 99, ["<p>", "<u>"]).vocab()
Vocab.from_dataset(rows(), ["x"], None, 99, ["a"])
Vocab.from_dataset(rows(), ["x"], None, 99, ["p", "p"])
Vocab.from_dataset(rows(), ["nope"])
Vocab.from_dataset(rows(), ["x", "x"])
Vocab.from_dataset(rows(), ["x"], (3, 2))
Vocab.from_dataset(rows(), ["x"], (-1, 2))
Vocab.from_dataset(rows(), ["x"], 3)
Vocab.from_dataset(rows(), ["x"], (1, ))
Vocab.from_dataset(rows(), ["x"], None, 0)
Vocab.from_dataset(rows(), []).vocab()
Vocab.from_dataset(rows().batch(2), "x").vocab()
Vocab.from_dataset(rows(3))
Lookup(vocab)("work")
Lookup(vocab)(["work", "##s"])
Lookup(vocab)(np.array([["work", "##s"]]))
Lookup(vocab)("zz")
Lookup(vocab, "[UNK]")(["work", "zz"])
Lookup(vocab, "nope")("work")
Lookup(vocab, data_type=ms.int64)(["work"])
Lookup(vocab, data_type=ms.float32)(["work"])
Lookup(vocab, data_type=ms.uint8)(["work"])
Lookup(vocab, data_type=ms.bool_)(["work"])
Lookup(vocab, data_type=ms.string)(["work"])
Lookup(vocab, data_type=np.int32)
Lookup(3)
Lookup(vocab, 3)
Lookup(vocab)(3)
Lookup(vocab)(b"work")
Lookup(vocab)("a", "b")
Lookup(vocab)()
Lookup(vocab)([])
to_str(np.array([b"a", b"\xc3\xa9"]))
to_str(np.array([b"\xe9"]), "latin1")
to_str("a")
to_str(np.array([1]))
to_bytes(np.array(["a", "é"]))
to_bytes(np.array(["é"]), "latin1")
to_bytes("a")
to_bytes(np.array([2]))
WhitespaceTokenizer()("  Welcome to\tBeijing\n北京 欢迎\u3000你 ")
WhitespaceTokenizer(True)("  Welcome to é北京 x")
WhitespaceTokenizer()(" ")
WhitespaceTokenizer(True)(" ")
WhitespaceTokenizer(True)("")
WhitespaceTokenizer()(["a b"])
WhitespaceTokenizer()(3)
WhitespaceTokenizer()(b"a b")
WhitespaceTokenizer(1)
WhitespaceTokenizer()("a\u00a0b\u200bc\x1cd\x85e\x0bf\u2028g\x1fh")
UnicodeCharTokenizer()("Wé 京\n")
UnicodeCharTokenizer(True)("Wé 京\n")
UnicodeCharTokenizer(True)("")
UnicodeCharTokenizer()("e\u0301😀")
UnicodeScriptTokenizer()("Welcome to Beijing. 北京 123 欢迎,アカあ。ok's")
UnicodeScriptTokenizer(True)("Welcome to  Beijing. 北京 \t")
UnicodeScriptTokenizer(True, True)("We  é. 北京 \t")
UnicodeScriptTokenizer()("   ")
UnicodeScriptTokenizer(False, True)("   ")
UnicodeScriptTokenizer()("")
UnicodeScriptTokenizer()("e\u0301é")
UnicodeScriptTokenizer()("x\u0378y\ue000\u0085")
UnicodeScriptTokenizer()("Ωмaअ한あア漢ไอعא")
RegexTokenizer(r"\s+")("a b  c é\td")
RegexTokenizer(r"\s+", r"\s+")("a b  c é\td")
RegexTokenizer(r"\s+|,", r",", True)("a b, 京c é,d")
RegexTokenizer("")("abc")
RegexTokenizer(r"(", "")("a")
RegexTokenizer(r"[\p{Han}]", r"[\p{Han}]")("abc京欢def")
RegexTokenizer(r"\d")("1a2")
RegexTokenizer(r"x")("")
RegexTokenizer(r"x")("x")
RegexTokenizer(r"x*")("axxb")
RegexTokenizer(r"x+", r"x", True)("axxbxc")
RegexTokenizer(r"A", "A", True)("😀A😀")
RegexReplace(r"\s+", "_")("a b  c")
RegexReplace(r"\s+", "_", False)("a b  c")
RegexReplace(r"(a)(b)", "$2$1")("abab")
RegexReplace(r"(a)(b)", r"\2\1")("abab")
RegexReplace(r"(a)(b)", r"\$2$1")("abab")
RegexReplace(r"(?<n>a)", "${n}-")("abab")
RegexReplace(r"a", "$1")("abab")
RegexReplace(r"a", "$0$0")("abab")
RegexReplace(r"(a)", "$12")("abab")
RegexReplace("a", r"\n\\x")("abab")
RegexReplace("a", "$")("abab")
RegexReplace("a", "b")(1)
RegexReplace("[", "b")("a")
RegexReplace("^b", "X")("a\nb")
RegexReplace("a$", "X")("a\nb")
RegexReplace("a$", "X")("a\n")
RegexReplace("a$", "X")("a\u2028")
RegexReplace("a.b", "X")("a\nb a\rb a\u2028b axb")
RegexReplace(r"\w+", "X")("é京_1 ²-٣")
RegexReplace(r"\d", "X")("1²٣")
RegexReplace(r"\b", "|")("ab cd")
RegexReplace("x*", "-")("axxb")
RegexReplace("(?i)é", "-")("É")
RegexReplace(r"\s", "_")("a\u00a0b\u200bc\x1cd\x85e\x0bf\u2028g\x1fh")
RegexReplace(r"[^\s\p{L}]", "_")("a\u00a0b1²")
RegexReplace(r".", "_")("a\x0b\x0c\x85\u2028")
RegexReplace(r"[[:alpha:]]", "_")("a1")
RegexReplace(r"\P{L}", "_")("a1")
RegexReplace(r"\pL", "_")("a1")
RegexReplace(r"\p{Script=Latin}\p{IsGreek}", "_")("aβ1")
RegexReplace(r"\p{Lowercase}", "_")("aβ1")
RegexReplace(r"\x{4e00}\u4e00\U0001F600\x41", "_")("一一😀A")
RegexReplace(r"\h", "_")("a\tb")
RegexReplace(r"a++", "_")("aaa")
RegexReplace(r"\Qa.\E", "_")("aa.")
RegexReplace(r"[]a]", "_")("]a")
RegexReplace(r"[^]a]", "_")("]ab")
RegexReplace(r"[\[\]a]", "_")("[]ab")
RegexReplace(r"[\[].", "_")("[b.")
RegexReplace(r"[a]b]", "_")("ab]")
RegexReplace(r"a]", "_")("a]")
RegexReplace(r"\w", "_")("a\u0301\u200d²ª_ⅷⓐ‿")
RegexReplace(1, "a")
NormalizeUTF8()("ṩﬁ①Å")
NormalizeUTF8(NF.NFC)("e\u0301ﬁ")
NormalizeUTF8(NF.NFD)("é")
NormalizeUTF8(NF.NFKD)(["éﬁ", "a"])
NormalizeUTF8(NF.NONE)("e\u0301")
NormalizeUTF8(3)
NormalizeUTF8()(3)
CaseFold()("Welcome To ß ÉİK ﬁ ﬀ Σς")
CaseFold()("a\u00adb\u200dc\ufeffd")
CaseFold()(["Ab", "C"])
CaseFold()(np.array([["Ab"], ["C"]]))
CaseFold()(1)
CaseFold()("a", "b")
FilterWikipediaXML()("Welcome to   China 京!  <a>x</a> &amp; [[Image:foo.jpg|bar]] [http://x.y z] {{t}} 123")
FilterWikipediaXML()("a [[category:foo|x]] [[b|c]] [[:d]] &#39; &nbsp; &lt;ref&gt;x &lt;/ref&gt; {| t |} <!-- c --> 9")
FilterWikipediaXML()("a&b;c&d;e&f")
FilterWikipediaXML()("x<a>y</a>z<b>w\n<q>k")
FilterWikipediaXML()("<a\n>b")
FilterWikipediaXML()("[[a|b]] #REDIRECT [[Foo]]")
FilterWikipediaXML()("a\n#redirect b\nc")
FilterWikipediaXML()("a1b22")
FilterWikipediaXML()("京")
FilterWikipediaXML()(1)
PythonTokenizer(str.split)("a b c")
PythonTokenizer(lambda line: line.split())(np.array("a b c"))
PythonTokenizer(lambda line: line.split())(np.array(["a b c"]))
PythonTokenizer(lambda line: line.split())(np.array([b"a b c"]))
PythonTokenizer(lambda line: [])(np.array("a b"))
PythonTokenizer(lambda line: 1)(np.array("a b"))
PythonTokenizer(3)
SentencePieceTokenizer("nofile", 3)
SentencePieceTokenizer(3, SPieceTokenizerOutType.INT)
SentencePieceVocab.from_file("corpus", 60, 0.9995, SentencePieceModel.UNIGRAM, {})
SentencePieceVocab.from_file(["corpus"], 60, 0.9995, 0, {})
SentencePieceVocab.from_file(["corpus"], -1, 0.9995, SentencePieceModel.UNIGRAM, {})
SentencePieceVocab.from_file(["corpus"], 60, 1, SentencePieceModel.UNIGRAM, {})
SentencePieceVocab.from_file(["corpus"], 60, 0.9995, SentencePieceModel.UNIGRAM, None)
SentencePieceVocab.save_model(3, ".", "model")
SlidingWindow(3)([1, 2, 3, 4, 5])
SlidingWindow(3, 0)(np.array(["a", "b", "c", "d"]))
SlidingWindow(3)([1, 2])
SlidingWindow(2, -1)(np.arange(4.0))
SlidingWindow(2, 1)(np.arange(4.0))
SlidingWindow(2)(np.arange(4.0).reshape(2, 2))
SlidingWindow(2)(1)
SlidingWindow(0)
SlidingWindow(1, 1.5)
SlidingWindow(5)(["a"])
Ngram(2)(["a", "b", "c"])
Ngram([2, 3])(["a", "b", "c"])
Ngram([2, 3], ("_", 1), ("_", 1), "-")(["a", "b"])
Ngram(3, ("_", 5), ("$", 1))(["a", "b"])
Ngram(5)(["a", "b"])
Ngram([5, 1])(["a", "b"])
Ngram(0)
Ngram([])
Ngram([1, 0])
Ngram(1, ("", -1))
Ngram(1, ("", ))
Ngram(2)("a")
Ngram(2)([1, 2])
Ngram(2)(np.array([["a"]]))
ToNumber(ms.int32)(["1", "-2", " 3"])
ToNumber(ms.int32)("7")
ToNumber(ms.int32)(["1.5"])
ToNumber(ms.int8)(["300"])
ToNumber(ms.uint8)(["-1"])
ToNumber(ms.float32)(["1.5", "1e3", "nan"])
ToNumber(ms.float32)(["inf"])
ToNumber(ms.float32)(["1e50"])
ToNumber(ms.float16)(["1.5"])
ToNumber(ms.float64)(["1.5x"])
ToNumber(ms.int32)(["5x"])
ToNumber(ms.int32)(["x"])
ToNumber(ms.int32)([""])
ToNumber(ms.bool_)
ToNumber(ms.string)
ToNumber(np.int32)
ToNumber(ms.uint64)(["18446744073709551615"])
ToNumber(ms.int64)(["9223372036854775808"])
ToNumber(ms.int32)([["1", "2"]])
ToNumber(ms.int32)(1)
ToNumber(ms.float64)([" 1.5", "-.5", "+2"])
Truncate(2)(["a", "b", "ccc"])
Truncate(4)(["a", "b", "c"])
Truncate(0)
Truncate(1.5)
Truncate(2)([1, 2, 3])
Truncate(2)([[1, 2, 3], [4, 5, 6]])
Truncate(2)("a")
Truncate(2)(np.ones((2, 2, 2)))
Truncate(1)([1], [2])
TruncateSequencePair(4)(["1", "2", "3"], ["4", "5"])
TruncateSequencePair(5)(["1", "2", "3"], ["4", "5"])
TruncateSequencePair(1)(["1", "2", "3"], ["4", "5"])
TruncateSequencePair(1)([1, 2, 3], ["4", "5"])
TruncateSequencePair(3)([1, 2, 3], [4, 5, 6])
TruncateSequencePair(3)([1, 2, 3])
TruncateSequencePair(3)([[1, 2, 3]], [[3]])
TruncateSequencePair(3)([1, 2, 3], 2)
TruncateSequencePair(3)([1, 2, 3], [2], [3])
AddToken("T")(["a", "b"])
AddToken("TT", False)(["a", "b"])
AddToken("T")([["a", "b"], ["c", "d"]])
AddToken("T")("a")
AddToken("T")([1])
AddToken(3)
AddToken("T", 3)
AddToken("T")(np.array([[["a"]]]))
WordpieceTokenizer(vocab)(["making", "makes", "work", "working", "zzz"])
WordpieceTokenizer(vocab, with_offsets=True)(["making", "makes", "working", "zzz", "床"])
WordpieceTokenizer(vocab)("working")
WordpieceTokenizer(vocab, "##", 5)(["working", "work"])
WordpieceTokenizer(vocab, "##", 100, "", True)(["zzz", "working"])
WordpieceTokenizer(vocab, "##", 100, "[NO]")(["zzz", "working"])
WordpieceTokenizer(vocab)("")
WordpieceTokenizer(vocab)(["", "work"])
WordpieceTokenizer(vocab)(np.array([["work"]]))
WordpieceTokenizer(vocab, "##", -1)
WordpieceTokenizer(vocab, "##", 0)("work")
WordpieceTokenizer(3)
WordpieceTokenizer(vocab)(3)
BasicTokenizer()("Welcome to  Beijing北京, [UNK] it's #1é! [MASK]x [unused1] [CLS]")
BasicTokenizer(True)("Welcome ÀÉ to  Beijing北京, it's #1é! x İß [unused3]")
BasicTokenizer(True)("[CLS]")
BasicTokenizer(True)("A [x] B [SEP")
BasicTokenizer(True, True, NF.NFKC, False, True)("Welcome ÀÉ\t to  京, [UNK] ﬁ\x00\x07\u200b x")
BasicTokenizer(False, True)("a \t b\n")
BasicTokenizer(False, False, NF.NFD)("é")
BasicTokenizer(True, False, NF.NFD)("é")
BasicTokenizer(False, False, NF.NONE, True, True)("é 京b [PAD]  \x00c")
BasicTokenizer(True, False, NF.NONE, False, True)("É 京b [PAD]  \x00c")
BasicTokenizer()("a~b`c^d$e|f+g=h<i>j„k、l")
BasicTokenizer(True, True)("a\u00adb\u200dc\ufeffd\ue000e\u0378f")
BasicTokenizer(False, True)("a\u00adb\u200dc\ufeffd\ue000e\u0378f")
BasicTokenizer()("")
BasicTokenizer(True)("  ")
BasicTokenizer()(["a b"])
BasicTokenizer()(1)
BasicTokenizer(1)
BasicTokenizer(normalization_form=1)
BertTokenizer(vocab)("床前明月光 I am making small mistakes during working hours [UNK]")
BertTokenizer(vocab, lower_case=True)("床前明月光 I am making small mistakes Ä during working hours")
BertTokenizer(vocab, lower_case=True, with_offsets=True)("床前 I Ä working zz")
BertTokenizer(vocab, lower_case=True, keep_whitespace=True)("I am  working")
BertTokenizer(vocab, "##", 100, "", False, True, NF.NFC, False, True)("I am  [UNK] working")
BertTokenizer(vocab)("")
BertTokenizer(3)
BertTokenizer(vocab, lower_case=1)
ToVectors(Vectors.from_file("vectors"))("ok")
ToVectors(Vectors.from_file("vectors"))(["ok", "zz", "it"])
ToVectors(Vectors.from_file("vectors"))(["zz"])
ToVectors(Vectors.from_file("vectors"), [9.0, 9, 9])(["zz"])
ToVectors(Vectors.from_file("vectors"), [9.0, 9.0])("zz")
ToVectors(Vectors.from_file("vectors"), ["a"])
ToVectors(Vectors.from_file("vectors"), 3)
ToVectors(Vectors.from_file("vectors"), None, True)(["NOT", "Not"])
ToVectors(Vectors.from_file("vectors"), None, True)(["OK", "NOT"])
ToVectors(Vectors.from_file("vectors"))(np.array([["ok"]]))
ToVectors(Vectors.from_file("vectors"))(3)
ToVectors(3)
ToVectors(Vectors.from_file("vectors"), None, 1)
ToVectors(Vectors.from_file("vectors", 2))(["ok", "it"])
ToVectors(Vectors.from_file("vectors", 0))(["ok", "it"])
Vectors.from_file("vectors", -1)
Vectors.from_file("nofile")
Vectors.from_file(3)
Vectors.from_file("words")
ToVectors(FastText.from_file("headed.vec"))(["ok", "it", "6"])
ToVectors(FastText.from_file("headed.vec", 1))(["ok", "it", "6"])
FastText.from_file("vectors")
GloVe.from_file("vectors")
ToVectors(GloVe.from_file("glove.6B.3d.txt"))(["ok", "it", "6"])
ToVectors(CharNGram.from_file("grams"))(["ok", "o", "zz", "k"])
ToVectors(CharNGram.from_file("grams"), [-1.0, -1, -1], True)(["ok", "O", "zz"])
Vectors.from_file("unequal")
Vectors.from_file("empty")
BasicTokenizer(True)("A [CLS] B [unused3] C")
BertTokenizer(vocab, lower_case=True)("I [UNK] AM")
RegexReplace("a", "")(["abab", "xa"])
RegexReplace("a", "b")(np.array([["a"], ["c"]]))
FilterWikipediaXML()(["a b", "c"])
FilterWikipediaXML()("RAR")
RegexReplace("[a-c&&[^b]]", "_")("abc")
JiebaTokenizer("model", "dictionary")("我来到北京清华大学,他来到了杭研大厦。 Hello 3.14元 abc1")
JiebaTokenizer("model", "dictionary", JiebaMode.MP)("我来到北京清华大学,他来到了杭研大厦。 Hi 3.14元")
JiebaTokenizer("model", "dictionary", JiebaMode.HMM)("我来到北京清华大学,他来到了杭研大厦。 Hello 3.14元")
JiebaTokenizer("model", "dictionary", JiebaMode.MIX, True)("我来到北京,é ，\tx")
JiebaTokenizer("model", "dictionary")("")
JiebaTokenizer("model", "dictionary")(["a"])
JiebaTokenizer("model", "nofile")
JiebaTokenizer("model", "dictionary", 3)
JiebaTokenizer(3, "dictionary")
with_words(JiebaTokenizer("model", "dictionary"), ("杭研", ), ("华大学", 500))("北京清华大学他来到了杭研大厦")
with_words(JiebaTokenizer("model", "dictionary", JiebaMode.MP), ("杭研", 1), ("厦", ))("他来到了杭研大厦")
with_words(JiebaTokenizer("model", "dictionary"), ("a", -1))
JiebaTokenizer("model", "dictionary").add_dict(3)
JiebaTokenizer("model", "dictionary").add_dict("nofile")
pipeline(lines(), WhitespaceTokenizer())
pipeline(lines(), WhitespaceTokenizer(True), ["token", "start", "end"])
pipeline(lines(), [WhitespaceTokenizer(), Lookup(vocab, "[UNK]"), AddToken("a")])
pipeline(lines(), [WhitespaceTokenizer(), Lookup(vocab, "[UNK]"), Truncate(2)])
pipeline(lines(), [BasicTokenizer(True), WordpieceTokenizer(vocab), AddToken("[CLS]"), AddToken("[SEP]", False)])
pipeline(lines(), [BertTokenizer(vocab, lower_case=True, with_offsets=True)], ["token", "start", "end"])
pipeline(lines(), [CaseFold(), UnicodeCharTokenizer(), Ngram(2, ("^", 1), ("$", 1), "")])
pipeline(lines(), [PythonTokenizer(lambda line: line.split()), SlidingWindow(2)])
pipeline(lines(), [RegexTokenizer(r"\s+"), ToVectors(Vectors.from_file("vectors"))])
pipeline(numbers(), [WhitespaceTokenizer(), ToNumber(ms.float32)])
""".strip().splitlines()

# Those that need SentencePiece. What it learns depends on its version: the models are MindSpore's, in the answers.
MODELS = "UNIGRAM", "BPE", "WORD"
PIECES = [
    f"SentencePieceTokenizer('./{model}', SPieceTokenizerOutType.{kind})({text!r})"
    for model in MODELS
    for kind in ("STRING", "INT")
    for text in ("the quick cat zz", "the", " The  cat.", ["the cat"])
] + [
    """SentencePieceTokenizer(characters(), SPieceTokenizerOutType.STRING)("the quick cat")""",
    """SentencePieceTokenizer(characters(), SPieceTokenizerOutType.INT)("the quick cat")""",
    """SentencePieceVocab.from_file(["corpus"], 9999, 0.9995, SentencePieceModel.UNIGRAM, {})""",
    """SentencePieceVocab.from_dataset(rows(), ["nope"], 60, 0.9995, SentencePieceModel.UNIGRAM, {})""",
    """SentencePieceVocab.from_file(["nofile"], 60, 0.9995, SentencePieceModel.UNIGRAM, {})""",
    """SentencePieceVocab.from_file(["corpus"], 60, 1.5, SentencePieceModel.UNIGRAM, {})""",
    """SentencePieceVocab.from_file(["corpus"], 60, 0.9995, SentencePieceModel.UNIGRAM, {"foo": "1"})""",
    """SentencePieceTokenizer("nofile", SPieceTokenizerOutType.INT)("a")""",
    """SentencePieceTokenizer("./words", SPieceTokenizerOutType.INT)("a")""",
    """SentencePieceTokenizer(SentencePieceVocab(), SPieceTokenizerOutType.INT)("a")""",
]

VOCAB = "床 前 明 月 光 i am mak make small mistake ##s during work ##ing hour [UNK] unused ä".split()
FILES = {
    "words": "w1,1\nw2,2\n\nw3 ,3\n  w4,5\n",
    "windows": "w1\r\nw2\r\n",
    "twice": "w1\nw1\n",
    "vectors": "ok 0.418 0.24968 -0.41242\n! 0.1 0.2 0.3\nit 0.4 0.5 0.6\nok 9 9 9\nNot 1 2 3\n",
    "headed.vec": "6 3\nok 0.418 0.24968 -0.41242\n! 0.1 0.2 0.3\nit 0.4 0.5 0.6\n",
    "glove.6B.3d.txt": "ok 0.418 0.24968 -0.41242\nit 0.4 0.5 0.6\n",
    "grams": "1gram-o 1 2 3\n2gram-#BEGIN#o 2 2 2\n3gram-k#END# 1 0 1\n2gram-ok 1 1 1\n",
    "dictionary": "".join(
        f"{word} {count} n\n"
        for word, count in zip(
            "我 来到 北京 清华大学 清华 大学 他 了 大厦 来 到 大 元 学".split(),
            [90, 40, 60, 30, 20, 50, 70, 80, 10, 35, 25, 45, 15, 5],
            strict=True,
        )
    ),
    "model": "#start: B, E, M, S\n-0.3 -3.14e+100 -3.14e+100 -1.5\n"
    "-3.14e+100 -0.5 -0.9 -3.14e+100\n-0.6 -3.14e+100 -3.14e+100 -0.8\n"
    "-3.14e+100 -0.3 -1.3 -3.14e+100\n-0.7 -3.14e+100 -3.14e+100 -0.7\n"
    "#B\n杭:-2,大:-3,来:-4,北:-2.5\n#E\n研:-2,厦:-2,到:-3,京:-2.5\n#M\n华:-3,大:-4\n#S\n我:-1,他:-2,了:-1,到:-4\n",
    "corpus": "".join(
        f"the quick brown fox jumps over the lazy dog {n} times and the cat sleeps\n" for n in range(200)
    ),
    "unequal": "ok 0.4 0.2\nno 0.4\n",
    "empty": "",
}


def write_files(folder) -> None:
    """The files that calls read, in the folder where they run."""
    for name, content in FILES.items():
        Path(folder, name).write_text(content, encoding="utf-8", newline="")


def names(ms) -> dict:
    """What calls speak of. `ms` is MindSpore, or what is compared with it."""
    ds = ms.dataset

    def rows(count=None):
        words, others = ["b", "a", "c", "a", "b", "b", "z"], ["q", "q", "q", "q", "q", "q", "b"]
        data = {"x": np.array(words), "y": np.array(others)} if count is None else {"x": np.arange(count)}
        return ds.NumpySlicesDataset(data, shuffle=False)

    def source(*lines):
        return ds.NumpySlicesDataset({"text": np.array(lines)}, shuffle=False)

    def pipeline(dataset, operations, columns=None):
        mapped = dataset.map(operations, ["text"], columns, num_parallel_workers=2)
        rows = mapped.create_dict_iterator(num_epochs=1, output_numpy=True)
        return [{name: plain(value) for name, value in row.items()} for row in rows]

    def with_words(tokenizer, *words):
        for word in words:
            tokenizer.add_word(*word)
        return tokenizer

    def characters():
        return ds.text.SentencePieceVocab.from_file(["corpus"], 20, 0.9995, ds.text.SentencePieceModel.CHAR, {})

    return vars(ds.text) | {
        "characters": characters,
        "with_words": with_words,
        "ms": ms,
        "np": np,
        "NF": ds.text.NormalizeForm,
        "vocab": ds.text.Vocab.from_list(VOCAB),
        "rows": rows,
        "lines": lambda: source("I am  working", "small MISTAKES ok", "床前 明月光 é"),
        "numbers": lambda: source("1 2.5", "-3e2 7"),
        "pipeline": pipeline,
    }


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, np.ndarray):
        elements = value.tolist()
        return [value.dtype.str, list(value.shape), str(elements) if value.dtype.kind == "S" else elements]
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    return value if isinstance(value, (bool, int, float, str)) else "object"


def answer(scope: dict, call: str):
    """What a call gives, or the type of its error."""
    try:
        return plain(eval(call, scope))
    except Exception as error:
        return {"error": type(error).__name__}
