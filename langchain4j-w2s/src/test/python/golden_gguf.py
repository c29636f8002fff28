# SPDX-License-Identifier: Apache-2.0
"""Writes golden/gguf: tiny GGUF files, and what transformers computes with the models that they were made of.

    pip install -r requirements.txt
    python golden_gguf.py --out langchain4j-w2s/src/test/resources/golden/gguf

The weights of a model are those that its file holds: they are quantised and read back (by gguf.quants) before anything
is computed. Tensors are named by gguf's own table, and changed as the converters of llama.cpp change them. Where
transformers reads the architecture from a GGUF file, the script stops if it computes anything else with the file.
Everything is seeded: a second run writes the same bytes.
"""

import argparse
import json
import shutil
import unicodedata
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers
from gguf import GGMLQuantizationType as T
from tokenizers import Regex, normalizers, pre_tokenizers
from golden import EOT, byte_level, sentence_piece, write_json, write_rows
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS

TEXTS = [
    "This movie was a wonderful surprise.",
    "I loved the music; the story is another matter, and 1234567 others don't matter at all.",
    " It  was\n\n\tthe best   movie",
    "Café naïve 😀 déjà vu 日本",
    f"The end{{eos}}The movie",
    "Cafe\u0301 'S SHE'LL",
    "I",
]

K_TYPES = {T.Q4_K: 256, T.Q5_K: 256, T.Q6_K: 256}


def random_blocks(random, rows, columns, kind):
    """Bytes of a type that gguf cannot write: all are valid, but for the scales, which must be small."""
    size, length = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.randint(0, 256, (rows * columns // size, length)).astype(np.uint8)
    scales = (random.uniform(0.5, 1.5, (len(blocks), 2)) * 1.5e-4).astype(np.float16).view(np.uint8)
    if kind == T.Q6_K:
        blocks[:, -2:] = scales[:, :2]
    else:
        blocks[:, :2] = scales[:, :2]
        blocks[:, 2:4] = (scales.view(np.float16) * 4).astype(np.float16).view(np.uint8)[:, 2:]
    return blocks.reshape(rows, -1)


def stored(random, values, kind):
    """What the file holds, and the numbers that it stands for."""
    if kind in K_TYPES:
        data = random_blocks(random, *values.shape, kind)
    else:
        data = gguf.quants.quantize(np.ascontiguousarray(values, np.float32), kind)
    return data, gguf.quants.dequantize(data, kind).reshape(values.shape)


# ---------------------------------------------------------------------------------------------------------------------
# What the converters do to tensors: forth for the file, back for the model
# ---------------------------------------------------------------------------------------------------------------------


def rotary_pairs(values, heads):
    return values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def rotary_halves(values, heads):
    return values.reshape(heads, values.shape[0] // heads // 2, 2, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def to_file(name, values, config, arch):
    if arch in ("llama", "granite", "smollm3"):
        if ".attn_q." in name:
            return rotary_pairs(values, config.num_attention_heads)
        if ".attn_k." in name:
            return rotary_pairs(values, config.num_key_value_heads)
    if arch == "gpt2" and values.ndim == 2 and name.startswith("blk."):
        return values.T
    if arch == "gptneox" and "attn_qkv" in name:
        parts = values.reshape(config.num_attention_heads, 3, -1, *values.shape[1:])
        return parts.swapaxes(0, 1).reshape(values.shape)
    if arch.startswith("gemma") and name.endswith("_norm.weight"):
        return values + np.float32(1)
    return values


def to_model(name, values, config, arch):
    if arch in ("llama", "granite", "smollm3"):
        if ".attn_q." in name:
            return rotary_halves(values, config.num_attention_heads)
        if ".attn_k." in name:
            return rotary_halves(values, config.num_key_value_heads)
    if arch == "gpt2" and values.ndim == 2 and name.startswith("blk."):
        return values.T
    if arch == "gptneox" and "attn_qkv" in name:
        parts = values.reshape(3, config.num_attention_heads, -1, *values.shape[1:])
        return parts.swapaxes(0, 1).reshape(values.shape)
    if arch.startswith("gemma") and name.endswith("_norm.weight"):
        return values - np.float32(1)
    return values


def file_name(table, name):
    found = table.get_name(name, try_suffixes=(".weight", ".bias"))
    assert found, name
    return found


def write_tensors(writer, model, arch, kinds, seed, scale):
    """Fills the model with random weights, writes them, and puts back what was written."""
    random = np.random.RandomState(seed)
    config = model.config
    table = gguf.get_tensor_name_map(next(k for k, v in gguf.MODEL_ARCH_NAMES.items() if v == arch), config.num_hidden_layers)
    tied = config.tie_word_embeddings
    with torch.no_grad():
        for own, parameter in model.named_parameters():
            if tied and own in ("lm_head.weight", "embed_out.weight"):
                continue
            name = file_name(table, own)
            values = np.float32(scale) * random.standard_normal(tuple(parameter.shape)).astype(np.float32)
            if parameter.dim() == 1 and own.endswith("weight") and not arch.startswith("gemma"):
                values += np.float32(1)
            kind = kinds(name) if parameter.dim() == 2 else T.F32
            data, numbers = stored(random, to_file(name, values, config, arch), kind)
            writer.add_tensor(name, data, raw_dtype=kind)
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(to_model(name, numbers, config, arch))))
    model.tie_weights()


# ---------------------------------------------------------------------------------------------------------------------
# Tokenizers
# ---------------------------------------------------------------------------------------------------------------------


def write_byte_level(writer, tokenizer, size, pre, bos):
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    kinds = [gguf.TokenType.CONTROL if token == EOT else gguf.TokenType.NORMAL for token in tokens]
    for index in range(len(tokens), size):
        tokens.append(f"[PAD{index}]")
        kinds.append(gguf.TokenType.UNUSED)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(bos)


def write_sentence_piece(writer, tokenizer):
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    ranks = {"".join(merge): -float(rank) for rank, merge in enumerate(model["merges"])}
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds += [gguf.TokenType.BYTE] * 256
    kinds += [gguf.TokenType.NORMAL] * (len(tokens) - len(kinds))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([ranks.get(token, -1000.0) for token in tokens])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)


# ---------------------------------------------------------------------------------------------------------------------
# Models
# ---------------------------------------------------------------------------------------------------------------------


def write_llama_keys(writer, config):
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)


class Golden:
    """A model, the file that it is written to, and the tokenizer that it really has."""

    def __init__(self, out, name, arch, config, tokenizer):
        self.out, self.name, self.arch, self.tokenizer = out, name, arch, tokenizer
        self.model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
        self.writer = gguf.GGUFWriter(out / f"{name}.gguf", arch)

    def write(self, kinds, seed, scale=0.3):
        write_tensors(self.writer, self.model, self.arch, kinds, seed, scale)
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()

    def rows(self, eos, peer=True, config=None):
        reading = None
        if peer:
            reading = AutoModelForCausalLM.from_pretrained(
                self.out, gguf_file=f"{self.name}.gguf", dtype=torch.float32, **({"config": config} if config else {})
            ).eval()
            tokenizer = AutoTokenizer.from_pretrained(self.out, gguf_file=f"{self.name}.gguf")
        rows = []
        for text in TEXTS:
            text = text.replace("{eos}", eos)
            tokens = self.tokenizer.encode(text).ids[: self.model.config.max_position_embeddings]
            logprob = self.logprob(self.model, tokens)
            if reading is not None:
                # transformers does not put accents and letters together, as the model's own tokenizer may do
                joins = isinstance(self.tokenizer.normalizer, normalizers.NFC)
                normal = unicodedata.normalize("NFC", text) if joins else text
                same = tokenizer(normal)["input_ids"]
                assert tokens == same[: len(tokens)], (text, tokens, same)
                assert abs(self.logprob(reading, tokens) - logprob) < 1e-4, (logprob, self.logprob(reading, tokens))
            rows.append({"model": self.name, "text": text, "tokens": tokens, "logprob": round(logprob, 6)})
        return rows

    @staticmethod
    def logprob(model, tokens):
        if len(tokens) < 2:
            return 0.0
        with torch.inference_mode():
            rows = model(torch.tensor([tokens]), use_cache=False).logits[0, :-1].log_softmax(-1)
        return rows.gather(1, torch.tensor(tokens[1:])[:, None]).double().sum().item()


def llama_mixed(out):
    """Every type that rows of 256 and of 64 may have; grouped heads narrower than the width; a padded vocabulary."""
    config = transformers.LlamaConfig(
        vocab_size=304, max_position_embeddings=64, hidden_size=256, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, intermediate_size=64, num_hidden_layers=2, tie_word_embeddings=True, rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 1000.0}, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    golden = Golden(out, "llama-mixed", "llama", config, byte_level(bos=True))
    write_llama_keys(golden.writer, config)
    golden.writer.add_key_length(16)
    golden.writer.add_value_length(16)
    golden.writer.add_rope_dimension_count(16)
    golden.writer.add_rope_freq_base(1000.0)
    golden.writer.add_chat_template("{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}")
    write_byte_level(golden.writer, golden.tokenizer, 304, "gpt-2", True)
    kinds = {
        "token_embd.weight": T.Q6_K,
        "blk.0.attn_q.weight": T.Q4_K, "blk.0.attn_k.weight": T.Q6_K, "blk.0.attn_v.weight": T.Q5_K,
        "blk.0.attn_output.weight": T.Q4_1, "blk.0.ffn_gate.weight": T.Q4_0, "blk.0.ffn_up.weight": T.Q8_0,
        "blk.0.ffn_down.weight": T.Q5_0,
        "blk.1.attn_q.weight": T.Q4_0, "blk.1.attn_k.weight": T.F16, "blk.1.attn_v.weight": T.BF16,
        "blk.1.attn_output.weight": T.Q5_1, "blk.1.ffn_gate.weight": T.Q4_K, "blk.1.ffn_up.weight": T.Q5_K,
        "blk.1.ffn_down.weight": T.Q8_0,
    }  # fmt: skip
    golden.write(kinds.__getitem__, seed=21, scale=0.1)
    return golden.rows(EOT)


def llama_sentence_piece(out):
    """SentencePiece's tokenizer; biases, whose rows are ordered as those of the matrices; a head of its own."""
    tokenizer = sentence_piece(metaspace=True)
    config = transformers.LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=96, hidden_size=32, num_attention_heads=4,
        num_key_value_heads=2, intermediate_size=64, num_hidden_layers=1, tie_word_embeddings=False, rms_norm_eps=1e-6,
        attention_bias=True, rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    golden = Golden(out, "llama-spm", "llama", config, tokenizer)
    write_llama_keys(golden.writer, config)
    golden.writer.add_rope_dimension_count(8)
    write_sentence_piece(golden.writer, tokenizer)
    golden.write(lambda name: T.Q8_0 if "embd" in name else T.F16, seed=22)
    return golden.rows("</s>", peer=False)  # transformers leaves the biases out


def gpt2(out):
    """Matrices that lie transposed, plain and quantised."""
    config = transformers.GPT2Config(
        vocab_size=300, n_positions=48, n_ctx=48, n_embd=32, n_head=4, n_layer=2, layer_norm_epsilon=1e-4,
        bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    golden = Golden(out, "gpt2", "gpt2", config, byte_level(bos=False))
    golden.writer.add_context_length(48)
    golden.writer.add_embedding_length(32)
    golden.writer.add_block_count(2)
    golden.writer.add_feed_forward_length(128)
    golden.writer.add_head_count(4)
    golden.writer.add_layer_norm_eps(1e-4)
    write_byte_level(golden.writer, golden.tokenizer, 300, "gpt-2", False)
    golden.write(lambda name: T.F32 if "embd" in name else T.Q8_0 if name.startswith("blk.0") else T.F16, seed=23)
    return golden.rows(EOT, config=config)  # transformers does not read the number of positions


# The other families: small, all matrices in Q8_0, each with what is special to it.

SMALL = dict(
    vocab_size=300, max_position_embeddings=64, hidden_size=32, num_attention_heads=4, num_key_value_heads=2,
    intermediate_size=32, num_hidden_layers=2, rms_norm_eps=1e-5, bos_token_id=0, eos_token_id=0, pad_token_id=None,
)  # fmt: skip


def split_as(pre, tokenizer):
    """The tokenizer with words split as those models do for which a file says `pre`."""
    if pre in GGUF_PRE_TOKENIZER_SPLITS:
        words = pre_tokenizers.Split(Regex(GGUF_PRE_TOKENIZER_SPLITS[pre]), "isolated")
        letters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, letters])
    if pre == "refact":
        digits = pre_tokenizers.Digits(individual_digits=True)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, tokenizer.pre_tokenizer])
    if pre in ("qwen2", "olmo"):
        tokenizer.normalizer = normalizers.NFC()
    return tokenizer


def plain(theta):
    return {"rope_type": "default", "rope_theta": theta}


def family(out, name, arch, config, keys, seed, pre="gpt-2", peer=True, scale=0.3):
    """A model with a byte-level tokenizer; `keys` writes what is special to it."""
    golden = Golden(out, name, arch, config, split_as(pre, byte_level(bos=False)))
    if arch != "gptneox":
        write_llama_keys(golden.writer, config)
    keys(golden.writer)
    write_byte_level(golden.writer, golden.tokenizer, config.vocab_size, pre, False)
    golden.write(lambda _: T.Q8_0, seed, scale)
    return golden.rows(EOT, peer, config)


def qwen2(out):
    config = transformers.Qwen2Config(**SMALL, tie_word_embeddings=True, rope_parameters=plain(5000.0))
    return family(out, "qwen2", "qwen2", config, lambda w: w.add_rope_freq_base(5000.0), 31, pre="qwen2")


def qwen3(out):
    config = transformers.Qwen3Config(**SMALL, head_dim=16, tie_word_embeddings=True, rope_parameters=plain(5000.0))

    def keys(writer):
        writer.add_key_length(16)
        writer.add_value_length(16)
        writer.add_rope_freq_base(5000.0)

    return family(out, "qwen3", "qwen3", config, keys, 32, pre="qwen2")


def mistral(out):
    config = transformers.MistralConfig(**SMALL, head_dim=8, sliding_window=7, rope_parameters=plain(3000.0))

    def keys(writer):
        writer.add_rope_dimension_count(8)
        writer.add_rope_freq_base(3000.0)
        writer.add_sliding_window(7)

    return family(out, "mistral", "llama", config, keys, 33, peer=False)


def smollm3(out):
    config = transformers.SmolLM3Config(
        **{**SMALL, "num_hidden_layers": 4}, tie_word_embeddings=True, rope_parameters=plain(2000.0)
    )

    def keys(writer):
        writer.add_rope_dimension_count(8)
        writer.add_rope_freq_base(2000.0)

    return family(out, "smollm3", "smollm3", config, keys, 34, peer=False)


def granite(out):
    config = transformers.GraniteConfig(
        **SMALL, tie_word_embeddings=True, attention_multiplier=0.2, embedding_multiplier=3.0, residual_multiplier=0.5,
        logits_scaling=2.0, rope_parameters=plain(10000.0),
    )  # fmt: skip

    def keys(writer):
        writer.add_rope_dimension_count(8)
        writer.add_rope_freq_base(10000.0)
        writer.add_attention_scale(0.2)
        writer.add_embedding_scale(3.0)
        writer.add_residual_scale(0.5)
        writer.add_logit_scale(2.0)

    return family(out, "granite", "granite", config, keys, 35, pre="refact", peer=False)


def olmo2(out):
    config = transformers.Olmo2Config(**SMALL, rope_parameters=plain(5000.0))
    return family(out, "olmo2", "olmo2", config, lambda w: w.add_rope_freq_base(5000.0), 36, pre="dbrx", peer=False)


def olmo3(out):
    config = transformers.Olmo3Config(
        **{**SMALL, "num_hidden_layers": 4}, sliding_window=6,
        rope_parameters={"full_attention": plain(5000.0), "sliding_attention": plain(5000.0)},
    )  # fmt: skip

    def keys(writer):
        writer.add_rope_freq_base(5000.0)
        writer.add_sliding_window(6)
        writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config.layer_types])

    return family(out, "olmo3", "olmo2", config, keys, 37, pre="dbrx", peer=False)


def phi3(out):
    short, long = [1.0, 1.25, 1.5], [1.1, 2.5, 4.0]
    config = transformers.Phi3Config(
        **SMALL, tie_word_embeddings=True, sliding_window=None, original_max_position_embeddings=32,
        rope_parameters={"rope_type": "longrope", "rope_theta": 10000.0, "partial_rotary_factor": 0.75,
                         "short_factor": short, "long_factor": long, "original_max_position_embeddings": 32},
    )  # fmt: skip

    def keys(writer):
        writer.add_rope_scaling_type(gguf.RopeScalingType.LONGROPE)
        writer.add_rope_scaling_orig_ctx_len(32)
        writer.add_rope_scaling_attn_factors(float(np.sqrt(1 + np.log(2) / np.log(32))))
        writer.add_rope_dimension_count(6)
        writer.add_rope_freq_base(10000.0)
        writer.add_sliding_window(0)
        writer.add_tensor("rope_factors_long.weight", np.array(long, np.float32))
        writer.add_tensor("rope_factors_short.weight", np.array(short, np.float32))

    return family(out, "phi3", "phi3", config, keys, 38, pre="gpt-4o")


def gpt_neox(out):
    config = transformers.GPTNeoXConfig(
        vocab_size=300, max_position_embeddings=64, hidden_size=32, num_attention_heads=4, intermediate_size=64,
        num_hidden_layers=2, layer_norm_eps=1e-4, use_parallel_residual=True, bos_token_id=0, eos_token_id=0,
        rope_parameters={**plain(10000.0), "partial_rotary_factor": 0.25}, tie_word_embeddings=False,
    )  # fmt: skip

    def keys(writer):
        writer.add_context_length(64)
        writer.add_embedding_length(32)
        writer.add_block_count(2)
        writer.add_feed_forward_length(64)
        writer.add_rope_dimension_count(2)
        writer.add_head_count(4)
        writer.add_parallel_residual(True)
        writer.add_layer_norm_eps(1e-4)

    return family(out, "gpt-neox", "gptneox", config, keys, 39, pre="olmo", peer=False)


def gemma_tokenizer():
    tokenizer = sentence_piece(metaspace=True)
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    return tokenizer


def gemma(out, name, config, seed, keys):
    golden = Golden(out, name, name, config, gemma_tokenizer())
    write_llama_keys(golden.writer, config)
    golden.writer.add_key_length(config.head_dim)
    golden.writer.add_value_length(config.head_dim)
    golden.writer.add_sliding_window(config.sliding_window)
    golden.writer.add_add_space_prefix(False)
    keys(golden.writer)
    write_sentence_piece(golden.writer, golden.tokenizer)
    golden.write(lambda _: T.Q8_0, seed)
    return golden.rows("</s>", config=config)  # transformers reads neither caps nor scaling


def gemma2(out):
    config = transformers.Gemma2Config(
        **{**SMALL, "vocab_size": 349, "bos_token_id": 1, "eos_token_id": 2}, head_dim=16, query_pre_attn_scalar=16,
        sliding_window=6, attn_logit_softcapping=20.0, final_logit_softcapping=10.0, rope_parameters=plain(10000.0),
    )  # fmt: skip

    def keys(writer):
        writer.add_attn_logit_softcapping(20.0)
        writer.add_final_logit_softcapping(10.0)

    return gemma(out, "gemma2", config, 40, keys)


def gemma3(out):
    config = transformers.Gemma3TextConfig(
        **{**SMALL, "vocab_size": 349, "bos_token_id": 1, "eos_token_id": 2, "num_hidden_layers": 6}, head_dim=16,
        query_pre_attn_scalar=16, sliding_window=6,
        rope_parameters={"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 50000.0},
                         "sliding_attention": plain(10000.0)},
    )  # fmt: skip

    def keys(writer):
        writer.add_rope_freq_base(50000.0)
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(8.0)

    return gemma(out, "gemma3", config, 41, keys)


FAMILIES = [qwen2, qwen3, mistral, smollm3, granite, olmo2, olmo3, phi3, gpt_neox, gemma2, gemma3]


def blocks(out):
    """A row of two blocks of every type, with scales at the edges, and the numbers that they stand for."""
    random = np.random.RandomState(24)
    writer = gguf.GGUFWriter(out / "blocks.gguf", "none")
    scales = np.array([0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0xBC01, 0x7BFF], np.uint16)
    for kind in [T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q4_K, T.Q5_K, T.Q6_K]:
        size, length = gguf.GGML_QUANT_SIZES[kind]
        if size == 1:
            data = gguf.quants.quantize(random.standard_normal((2, 256)).astype(np.float32), kind)
        else:
            data = random.randint(0, 256, (len(scales), length)).astype(np.uint8)
            at = slice(-2, None) if kind == T.Q6_K else slice(0, 2)
            data[:, at] = scales.view(np.uint8).reshape(-1, 2)
            if kind in (T.Q4_1, T.Q5_1, T.Q4_K, T.Q5_K):
                data[:, 2:4] = scales[::-1].copy().view(np.uint8).reshape(-1, 2)
            data = data.reshape(2, -1)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        writer.add_tensor(f"{kind.name}.numbers", gguf.quants.dequantize(data, kind).reshape(2, -1), raw_dtype=T.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    blocks(out)
    rows = [row for write in [llama_mixed, llama_sentence_piece, gpt2, *FAMILIES] for row in write(out)]
    write_rows(out / "scores.json", {"scores": rows})
    write_json(out / "splits.json", GGUF_PRE_TOKENIZER_SPLITS)
    write_json(out / "versions.json", {"gguf": "0.19.0", "transformers": transformers.__version__, "torch": torch.__version__})


if __name__ == "__main__":
    main()
