# SPDX-License-Identifier: Apache-2.0
"""Writes golden/tokenizer-kinds.json: small tokenizers of the kinds that models have, and what transformers makes of texts.

    python golden_tokenizer_kinds.py --golden langchain4j-w2s/src/test/resources/golden

Run with the versions of requirements.txt.
"""

import argparse
import base64
import copy
import json
import struct
import tempfile
from pathlib import Path

import tokenizers
import transformers
from transformers import AutoTokenizer

LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN_2 = LLAMA_3.replace(r"\p{N}{1,3}", r"\p{N}")
BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]
TEXTS = [
    "The movie was a quiet wonder",
    " the  movie",
    "movie\n\nthe\nmovie \n",
    "naïve café, e\u0301 \u212b: 漢字 🙂",
    "12345 don't WE'LL",
    "ＡＢ ﬁlm",
    "<|im_start|>user\nthe movie<|im_end|>\n<start_of_turn>model",
    "a</s>b <s> c",
    "wonder wonder",
    "\u2581the\u2581movie",
    "",
]


def added(id, content):
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": id, "content": content, **flags}


def in_front(token, id):
    return {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": token, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {token: {"id": token, "ids": [id], "tokens": [token]}},
    }


def whole(model, added_tokens, normalizer, pre_tokenizer, post_processor, decoder):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added_tokens,
        "normalizer": normalizer,
        "pre_tokenizer": pre_tokenizer,
        "post_processor": post_processor,
        "decoder": decoder,
        "model": model,
    }


def characters_map(replacements):
    """What SentencePiece compiles its rules of characters to: a double array over UTF-8, and the texts in their place."""
    units, texts, blocks = {}, b"", iter(range(256, 1 << 16, 256))
    tree = {}
    for source, target in replacements.items():
        node = tree
        for byte in source.encode():
            node = node.setdefault(byte, {})
        node[None] = len(texts)
        texts += target.encode() + b"\0"

    def place(node, position, label):
        block = next(blocks)
        leaf = None in node
        units[position] = (position ^ block) << 10 | int(leaf) << 8 | label
        if leaf:
            units[block] = 1 << 31 | node[None]
        for byte, child in node.items():
            if byte is not None:
                place(child, block ^ byte, byte)

    place(tree, 0, 0)
    size = next(blocks)
    trie = b"".join(struct.pack("<I", units.get(i, 0)) for i in range(size))
    return base64.b64encode(struct.pack("<I", len(trie)) + trie + texts).decode()


def unigram(byte_fallback):
    pieces = [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0)]
    if byte_fallback:
        pieces += [(token, 0.0) for token in BYTE_TOKENS]
    words = ["▁the", "▁movie", "▁was", "▁a", "▁qui", "et", "▁wonder", "▁won", "der", "ing", "The", "th", "ov", "▁fi", "lm"]
    pieces += [(word, -3.0 - 0.37 * i) for i, word in enumerate(words)]
    pieces += [(c, -7.0 - 0.11 * i) for i, c in enumerate("▁etaoinsrhldcumfpgwybvkxTAB.,'12345\n")]
    return {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": byte_fallback}


def sentence_piece_bpe():
    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", *BYTE_TOKENS, "\n", "\n\n", "▁▁", "▁"]
    tokens += list("abcdefghijklmnopqrstuvwxyzTW.,'")
    merges = [["\n", "\n"], ["▁", "▁"], ["t", "h"], ["th", "e"], ["▁", "the"], ["m", "o"], ["v", "i"], ["mo", "vi"],
              ["movi", "e"], ["▁", "movie"], ["w", "as"], ["a", "s"], ["▁", "w"], ["▁w", "as"]]  # fmt: skip
    tokens += [token for token in ("".join(merge) for merge in merges) if token not in tokens]
    tokens += ["<start_of_turn>"]
    return {
        "type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
        "vocab": {token: id for id, token in enumerate(tokens)}, "merges": [m for m in merges if all(p in tokens for p in m)],
    }  # fmt: skip


def splits(pattern):
    return {
        "type": "Sequence",
        "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
        ],
    }


def kinds(golden):
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    ends = [added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")]
    to_space = {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}
    fallback = [to_space, {"type": "ByteFallback"}, {"type": "Fuse"}]
    strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}

    yield "Unigram", whole(unigram(False), ends, None, metaspace, None, metaspace)
    compiled = {"type": "Precompiled", "precompiled_charsmap": characters_map({"Ａ": "A", "Ｂ": "B", "ﬁ": "fi"})}
    spaces = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    both = {"type": "Sequence", "normalizers": [compiled, spaces]}
    yield "Unigram, compiled characters", whole(unigram(False), ends, both, metaspace, in_front("<s>", 1), metaspace)
    decoder = {"type": "Sequence", "decoders": [*fallback, strip]}
    yield "Unigram, byte fallback", whole(unigram(True), ends, None, metaspace, in_front("<s>", 1), decoder)
    first = {**metaspace, "prepend_scheme": "first", "split": False}
    yield "Unigram, space in front of the first", whole(unigram(True), ends, None, first, in_front("<s>", 1), decoder)

    bpe = sentence_piece_bpe()
    turn = bpe["vocab"]["<start_of_turn>"]
    special = [added(i, t) for i, t in enumerate(["<pad>", "<eos>", "<bos>", "<unk>"])] + [added(turn, "<start_of_turn>")]
    gemma_spaces = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    words = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}
    gemma = {"type": "Sequence", "decoders": fallback}
    yield "Gemma", whole(bpe, special, gemma_spaces, words, in_front("<bos>", 2), gemma)

    base = json.loads((golden / "models" / "gpt2-odd" / "tokenizer.json").read_text(encoding="utf-8"))
    bytes_model = copy.deepcopy(base["model"])
    bytes_model["vocab"]["Ġwonder"] = len(bytes_model["vocab"])  # no merge leads to it
    bytes_model["ignore_merges"] = True
    n = len(bytes_model["vocab"])
    special = base["added_tokens"] + [added(n, "<|im_start|>"), added(n + 1, "<|im_end|>")]
    end = special[0]["content"]
    yield "Llama 3", whole(bytes_model, special, None, splits(LLAMA_3), in_front(end, special[0]["id"]), base["decoder"])
    strings = {**bytes_model, "ignore_merges": False, "merges": [" ".join(m) for m in bytes_model["merges"]]}
    yield "Qwen 2", whole(strings, special, {"type": "NFC"}, splits(QWEN_2), None, base["decoder"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True)
    golden = parser.parse_args().golden
    transformers.logging.set_verbosity_error()
    rows = []
    for name, tokenizer in kinds(golden):
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch)
            (directory / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
            config = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
            (directory / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
            loaded = AutoTokenizer.from_pretrained(directory)
            texts = []
            for text in TEXTS:
                ids = loaded(text)["input_ids"]
                texts.append({"text": text, "tokens": ids, "decoded": loaded.decode(ids, skip_special_tokens=True)})
        rows.append({"name": name, "texts": texts, "tokenizer": tokenizer})
    versions = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    (golden / "tokenizer-kinds.json").write_text(
        f'{{\n  "versions": {json.dumps(versions)},\n  "kinds": [\n{lines}\n  ]\n}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
