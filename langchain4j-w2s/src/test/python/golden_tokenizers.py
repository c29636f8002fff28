# SPDX-License-Identifier: Apache-2.0
"""Writes golden/tokenizer-configs.json: what transformers makes of a tokenizer.json and the files beside it.

    python golden_tokenizers.py --golden langchain4j-w2s/src/test/resources/golden [--out FILE]

Each case is a tokenizer of a golden model, changed, with other files beside it. Versions of transformers differ; run
the script with another one and compare. Those whose `version` is "5" are known to differ in 4.57.
"""

import argparse
import copy
import json
import shutil
import tempfile
from pathlib import Path

import transformers
from transformers import AutoTokenizer

BYTES, NORMALIZERS, METASPACE = "gpt2-odd", "llama-old-style", "llama-classifier"
EOT = "<|endoftext|>"
PLAIN = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": EOT}
PREFIX = ["movie was", " movie", f"movie{EOT}was", "", "é 😀"]
SENTENCE_PIECE = ["movie was", " movie", "The movie", "é 😀"]
ADDED = ["a<|user|>b", "a <x> b", f"a {EOT} b", "a[PAD] [SEP]b", "<X>"]

WORD_PIECE = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [
        {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": True}
        for id, content in enumerate(["[SEP]", "[UNK]", "[CLS]", "[PAD]", "[MASK]"])
    ],
    "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                   "lowercase": True},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                   {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                           "[SEP]": {"id": "[SEP]", "ids": [0], "tokens": ["[SEP]"]}},
    },
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False},
    "model": {
        "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
        "vocab": {token: id for id, token in enumerate(
            "[SEP] [UNK] [CLS] [PAD] [MASK] this was good This Good caf ##é ##e 漢 ##字".split())},
    },
}  # fmt: skip
WORDS = ["This was Good", "café", "漢字 was", "thís was"]


def token(content, **flags):
    plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    return {"content": content, **plain, **flags}


def own(tokenizer, **keys):
    """A change of tokenizer.json: keys with dots lead into it."""
    tokenizer = copy.deepcopy(tokenizer)
    for path, value in keys.items():
        node = tokenizer
        *parents, last = path.split("__")
        for key in parents:
            node = node[key]
        node[last] = value
    return tokenizer


def cases(golden):
    base = {name: json.loads((golden / "models" / name / "tokenizer.json").read_text(encoding="utf-8"))
            for name in (BYTES, NORMALIZERS, METASPACE)}  # fmt: skip

    def case(name, model, texts, config=None, change=None, version="any", **files):
        beside = {"tokenizer_config.json": config, **{key.replace("__", "."): value for key, value in files.items()}}
        return {
            "name": name, "base": model, "version": version, "change": change or {},
            "files": {file: value for file, value in beside.items() if value is not None}, "texts": texts,
        }  # fmt: skip

    # The prefix space of byte-level tokenizers
    always = {"pre_tokenizer__add_prefix_space": True}
    for name in ["GPT2TokenizerFast", "GPT2Tokenizer", "GPTNeoXTokenizerFast", "CodeGenTokenizerFast",
                 "Qwen2TokenizerFast"]:  # fmt: skip
        named = {**PLAIN, "tokenizer_class": name, "unk_token": EOT, "bos_token": EOT}
        yield case(f"{name} adds a space", BYTES, PREFIX, {**named, "add_prefix_space": True})
        yield case(f"{name} adds no space where nothing is said", BYTES, PREFIX, named, always)
    nameless = {"eos_token": EOT, "add_prefix_space": True}
    yield case("the model type stands for the class", BYTES, PREFIX, nameless)
    yield case("a class of the model's config", BYTES, PREFIX, {"add_prefix_space": True}, config__json={
        "model_type": "llama", "tokenizer_class": "GPT2Tokenizer"})  # fmt: skip
    yield case("no config, GPT-2", BYTES, PREFIX, None, always)
    yield case("a plain tokenizer is as it stands", BYTES, PREFIX, {**PLAIN, "add_prefix_space": True}, version="5")
    yield case("a plain tokenizer with a space", BYTES, PREFIX, PLAIN, always, version="5")

    # The prefix space of sentence pieces
    for model in (NORMALIZERS, METASPACE):
        named = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
        without = {**named, "add_prefix_space": False}
        yield case(f"LlamaTokenizer without a space, {model}", model, SENTENCE_PIECE, without, version="5")
        with_space = [text for text in SENTENCE_PIECE if not text.startswith(" ")]  # 5 has no Prepend
        yield case(f"LlamaTokenizer, {model}", model, with_space, {**named, "legacy": False})
        ends = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
        yield case(f"add_bos_token is false, {model}", model, with_space, {**ends, "add_bos_token": False}, version="5")
    yield case("add_bos_token is true", BYTES, PREFIX, {**PLAIN, "bos_token": EOT, "add_bos_token": True})

    # BERT's normalizer
    bert = {"eos_token": "[SEP]", "sep_token": "[SEP]", "cls_token": "[CLS]", "unk_token": "[UNK]",
            "pad_token": "[PAD]", "mask_token": "[MASK]"}  # fmt: skip
    for name in ["BertTokenizerFast", "BertTokenizer", "DistilBertTokenizerFast", "ElectraTokenizerFast"]:
        for lower in (True, False):
            options = {**bert, "tokenizer_class": name}
            change = {"normalizer__lowercase": lower}
            yield case(f"{name}, nothing said, {lower}", "word-piece", WORDS, options, change)
            said = {**options, "do_lower_case": not lower}
            yield case(f"{name}, do_lower_case over {lower}", "word-piece", WORDS, said, change)
    named = {**bert, "tokenizer_class": "BertTokenizerFast"}
    strips = {**named, "do_lower_case": False, "strip_accents": True}
    yield case("accents are stripped", "word-piece", WORDS, strips)
    yield case("accents are kept", "word-piece", WORDS, {**named, "strip_accents": False})
    yield case("Chinese characters are not split", "word-piece", WORDS, {**named, "tokenize_chinese_chars": False})
    for lower in (True, False):
        plain = {**bert, "tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": not lower}
        yield case(f"a plain one is as it stands, {lower}", "word-piece", WORDS, plain, {"normalizer__lowercase": lower})

    # Added tokens
    def listed(**tokens):
        return {**PLAIN, "added_tokens_decoder": {id[1:]: value for id, value in tokens.items()}}

    yield case("a listed token", BYTES, ADDED, listed(_0=token(EOT), _300=token("<|user|>")))
    yield case("a number out of reach", BYTES, ADDED, listed(_0=token(EOT), _900=token("<|user|>")))
    unordered = listed(_1000=token("<x>"), _301=token("[PAD]"), _99=token("<X>"))
    yield case("in the order of numbers", BYTES, ADDED, unordered)
    flags = listed(_300=token("<x>", lstrip=True, rstrip=True), _301=token("[PAD]", single_word=True))
    yield case("flags", BYTES, ADDED, flags)
    yield case("not special", BYTES, ADDED, listed(_300=token("<|user|>", special=False, normalized=True)))
    yield case("other flags than in tokenizer.json", BYTES, ADDED, listed(_0=token(EOT, lstrip=True, rstrip=True)))
    yield case("a token of the vocabulary", BYTES, [*ADDED, "The movie"], listed(_300=token("movie"), _301=token("e")))
    more = {**PLAIN, "additional_special_tokens": ["<x>", "<|user|>"]}
    yield case("additional_special_tokens", BYTES, ADDED, more)
    both = {**listed(_300=token("<|user|>")), "additional_special_tokens": ["<x>", "<|user|>"]}
    yield case("additional_special_tokens beside listed ones", BYTES, ADDED, both)
    as_object = {**PLAIN, "additional_special_tokens": [{"__type": "AddedToken", **token("<x>", lstrip=True)}]}
    yield case("additional_special_tokens as objects", BYTES, ADDED, as_object)
    with_names = {**PLAIN, "extra_special_tokens": {"image_token": "<x>"}}
    yield case("extra_special_tokens with names", BYTES, ADDED, with_names)
    yield case("extra_special_tokens as a list", BYTES, ADDED, {**PLAIN, "extra_special_tokens": ["<x>"]}, version="5")
    yield case("a special token of one's own", BYTES, ADDED, {**PLAIN, "image_token": "<x>"}, version="5")
    yield case("special tokens that are missing", BYTES, ADDED, {**PLAIN, "pad_token": "[PAD]", "sep_token": "[SEP]"})
    end = {"__type": "AddedToken", **token(EOT, lstrip=True)}
    yield case("an end as an object", BYTES, ADDED, {**PLAIN, "eos_token": end})
    yield case("added_tokens.json", BYTES, ADDED, PLAIN, added_tokens__json={"<x>": 301, "<|user|>": 300})
    ignored = listed(_300=token("<|user|>"))
    yield case("added_tokens.json beside listed ones", BYTES, ADDED, ignored, added_tokens__json={"<x>": 301})
    older = {"eos_token": {**token(EOT)}, "additional_special_tokens": ["<x>"], "pad_token": "[PAD]"}
    plain = {"tokenizer_class": "PreTrainedTokenizerFast"}
    yield case("special_tokens_map.json", BYTES, ADDED, plain, special_tokens_map__json=older)
    yield case("special_tokens_map.json over the config", NORMALIZERS, ["a</s>b", "a<s>b"],
               {**plain, "eos_token": "</s>"}, special_tokens_map__json={"eos_token": "<s>"})  # fmt: skip
    yield case("special_tokens_map.json beside listed ones", BYTES, ADDED, ignored, special_tokens_map__json=older)

    # The end
    yield case("GPT-2's class has an end of its own", BYTES, ["a"], {"tokenizer_class": "GPT2TokenizerFast"})
    yield case("GPT-2's class without an end", BYTES, ["a"], {"tokenizer_class": "GPT2TokenizerFast", "eos_token": None})
    yield case("a plain class has none", BYTES, ["a"], {"tokenizer_class": "PreTrainedTokenizerFast"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    rows = []
    for case in cases(arguments.golden):
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch)
            if case["base"] == "word-piece":
                tokenizer = WORD_PIECE
                shutil.copy(arguments.golden / "models" / METASPACE / "config.json", directory)
            else:
                source = arguments.golden / "models" / case["base"]
                tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
                shutil.copy(source / "config.json", directory)
            (directory / "tokenizer.json").write_text(json.dumps(own(tokenizer, **case["change"])), encoding="utf-8")
            for file, value in case["files"].items():
                (directory / file).write_text(json.dumps(value), encoding="utf-8")
            loaded = AutoTokenizer.from_pretrained(directory)
            tokens = []
            for text in case.pop("texts"):
                ids = loaded(text)["input_ids"]
                if case["base"] == "word-piece":
                    assert ids.pop() == loaded.sep_token_id  # closes a text; one that goes on has none
                tokens.append({"text": text, "tokens": ids, "decoded": loaded.decode(ids, skip_special_tokens=True)})
            change = {"/" + path.replace("__", "/"): value for path, value in case.pop("change").items()}
            rows.append({**case, "change": change, "eos": loaded.eos_token_id, "texts": tokens})
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    out = arguments.out or arguments.golden / "tokenizer-configs.json"
    word_piece = json.dumps(WORD_PIECE, ensure_ascii=False)
    out.write_text(f'{{\n  "word_piece": {word_piece},\n  "cases": [\n{lines}\n  ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
