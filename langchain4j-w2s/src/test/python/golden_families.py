# SPDX-License-Identifier: Apache-2.0
"""Writes the golden test data of the model families: tiny models, and what Hugging Face transformers computes.

    python golden_families.py --out langchain4j-w2s/src/test/resources/golden/families

Everything is seeded; with the versions of requirements.txt a second run writes the same bytes. OUT/README.md says what
each file holds.
"""

import argparse
import copy
import json
import shutil
from pathlib import Path

import numpy as np
import torch
import transformers
from golden import edit_json, randomise, write_json, write_rows
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSequenceClassification
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

END = "<|end|>"
VOCABULARY = 71  # more than the tokenizer has
LABELS = {0: "BAD", 1: "FAIR", 2: "GOOD"}

SMALL = {
    "vocab_size": VOCABULARY,
    "hidden_size": 24,
    "intermediate_size": 36,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_hidden_layers": 3,
    "max_position_embeddings": 48,
}


def rope(theta=500.0, kind="default", **parameters):
    return {"rope_type": kind, "rope_theta": theta, **parameters}


# Name, model_type, config. Sizes are odd, and every window is shorter than the longest text.
MODELS = [
    ("llama-dynamic", "llama", {**SMALL, "num_hidden_layers": 2, "max_position_embeddings": 24,
                                "rope_parameters": rope(kind="dynamic", factor=2.0)}),
    ("llama-yarn", "llama", {**SMALL, "num_hidden_layers": 2, "head_dim": 10, "rope_parameters": rope(
        kind="yarn", factor=4.0, original_max_position_embeddings=16)}),
    ("smollm3", "smollm3", {**SMALL, "num_hidden_layers": 4, "no_rope_layer_interval": 2, "rms_norm_eps": 1e-3,
                            "tie_word_embeddings": True, "use_sliding_window": True, "sliding_window": 11,
                            "rope_parameters": rope()}),
    ("mistral", "mistral", {**SMALL, "head_dim": 10, "sliding_window": 9, "rope_parameters": rope()}),
    ("ministral", "ministral", {**SMALL, "head_dim": 6, "sliding_window": 7, "rope_parameters": rope(),
                                "layer_types": ["full_attention", "sliding_attention", "full_attention"]}),
    ("qwen2", "qwen2", {**SMALL, "use_sliding_window": True, "sliding_window": 8, "max_window_layers": 1,
                        "tie_word_embeddings": True, "rope_parameters": rope()}),
    ("qwen3", "qwen3", {**SMALL, "head_dim": 10, "rms_norm_eps": 1e-2, "attention_bias": True,
                        "rope_parameters": rope()}),
    ("olmo2", "olmo2", {**SMALL, "num_key_value_heads": 4, "rope_parameters": rope()}),
    ("olmo3", "olmo3", {**SMALL, "num_hidden_layers": 4, "sliding_window": 6, "rope_parameters": {
        "full_attention": rope(500_000.0, "yarn", factor=3.0, original_max_position_embeddings=16,
                               attention_factor=1.1),
        "sliding_attention": rope(500_000.0)}}),
    ("gemma2", "gemma2", {**SMALL, "head_dim": 10, "sliding_window": 5, "query_pre_attn_scalar": 7,
                          "attn_logit_softcapping": 2.5, "final_logit_softcapping": 4.0, "rope_parameters": rope()}),
    ("gemma3-text", "gemma3_text", {**SMALL, "num_hidden_layers": 4, "head_dim": 10, "sliding_window": 5,
                                    "query_pre_attn_scalar": 13, "sliding_window_pattern": 3, "rope_parameters": {
                                        "full_attention": rope(900.0, "linear", factor=2.0),
                                        "sliding_attention": rope(60.0)}}),
    ("phi3-longrope", "phi3", {**SMALL, "hidden_size": 40, "num_hidden_layers": 2,
                               "original_max_position_embeddings": 20, "rope_parameters": rope(
                                   kind="longrope", partial_rotary_factor=0.8, short_factor=[1.0, 1.1, 1.3, 1.4],
                                   long_factor=[1.0, 1.5, 2.5, 4.0])}),
    ("phi3-window", "phi3", {**SMALL, "num_key_value_heads": 4, "sliding_window": 10,
                             "original_max_position_embeddings": 48, "rope_parameters": rope()}),
    ("neox-parallel", "gpt_neox", {**SMALL, "hidden_size": 40, "num_hidden_layers": 2, "rope_parameters": rope(
        partial_rotary_factor=0.4)}),
    ("neox-sequential", "gpt_neox", {**SMALL, "hidden_size": 32, "num_hidden_layers": 2,
                                     "use_parallel_residual": False, "hidden_act": "gelu_new",
                                     "attention_bias": False, "rope_parameters": rope(partial_rotary_factor=1.0)}),
    ("granite", "granite", {**SMALL, "embedding_multiplier": 5.0, "residual_multiplier": 0.3,
                            "attention_multiplier": 0.2, "logits_scaling": 3.0, "mlp_bias": True,
                            "rope_parameters": rope()}),
]  # fmt: skip


def tokenizer():
    """Each character is a token; few are needed, since the tests go by token ids."""
    characters = [chr(code) for code in range(ord("a"), ord("z") + 1)] + list("Ġ.,!'ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    vocabulary = {token: index for index, token in enumerate([END] + characters)}
    result = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(END, normalized=False, special=True)])
    return result


def as_version_4_wrote_it(config):
    """The older spelling of a config: what transformers 4 called the same things."""
    old = dict(config)
    old["torch_dtype"] = old.pop("dtype")
    old["transformers_version"] = "4.40.0"
    parameters = old.pop("rope_parameters")
    kind = old["model_type"]
    if "full_attention" in parameters:
        whole, windowed = parameters["full_attention"], parameters["sliding_attention"]
        if kind.startswith("gemma3"):
            old["rope_local_base_freq"] = windowed["rope_theta"]
            old["sliding_window_pattern"] = 3
        old.pop("layer_types")
        parameters = whole
    elif kind in ("qwen2", "qwen3", "gemma2", "smollm3"):
        old.pop("layer_types")
    parameters = dict(parameters)
    old["rotary_emb_base" if kind == "gpt_neox" else "rope_theta"] = parameters.pop("rope_theta")
    share = parameters.pop("partial_rotary_factor", None)
    if share is not None:
        old["rotary_pct" if kind == "gpt_neox" else "partial_rotary_factor"] = share
    scaling = parameters.pop("rope_type")
    if kind == "phi3":
        parameters.pop("original_max_position_embeddings", None)
    type_key = "rope_type" if kind in ("olmo3", "gemma3_text") else "type"
    old["rope_scaling"] = None if scaling == "default" else {type_key: scaling, **parameters}
    return old


def write_model(out, name, kind, settings, seed):
    config = AutoConfig.for_model(
        kind, **settings, bos_token_id=0, eos_token_id=0, pad_token_id=None, id2label=LABELS,
        label2id={label: index for index, label in LABELS.items()},
    )  # fmt: skip
    directory = out / name
    model = randomise(AutoModelForCausalLM.from_config(config), seed).to(torch.bfloat16)
    model.save_pretrained(directory)
    (directory / "generation_config.json").unlink(missing_ok=True)
    weights = load_file(directory / "model.safetensors")
    score = 0.3 * np.random.RandomState(seed).standard_normal((len(LABELS), config.hidden_size))
    weights["score.weight"] = torch.from_numpy(score).to(torch.bfloat16)
    if name == "neox-sequential":  # as tools write it that know one name for heads
        weights["lm_head.weight"] = weights.pop("embed_out.weight")
    if name == "neox-parallel":  # as in the published checkpoints
        for layer in range(config.num_hidden_layers):
            weights[f"gpt_neox.layers.{layer}.attention.bias"] = torch.ones(1, 1, 4, 4).tril().bool()
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
    (directory / "model.safetensors").chmod(0o644)
    written = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    write_json(directory / "config-4.json", as_version_4_wrote_it(written))


def load(directory, kind, config=None):
    """In float32, by eager attention, which is that of the papers."""
    arguments = {} if config is None else {"config": config}
    return kind.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager", **arguments
    ).eval()


def logprobs(model, ids):
    """By a model of its own: dynamic frequencies remember the longest text they have seen."""
    model = copy.deepcopy(model)
    with torch.inference_mode():
        rows = model(torch.tensor([ids]), use_cache=False).logits[0].log_softmax(-1)
    picked = rows[:-1].gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
    return [round(value, 6) for value in picked.double().tolist()]


def golden_rows(out, name, limit, seed):
    """Beginnings of one text, and a text that goes another way after twelve tokens."""
    directory = out / name
    model = load(directory, AutoModelForCausalLM)
    config = json.loads((directory / "config-4.json").read_text(encoding="utf-8"))
    old = load(directory, AutoModelForCausalLM, AutoConfig.for_model(**config))
    ids = [int(token) for token in np.random.RandomState(seed).randint(0, VOCABULARY, limit + 28)]
    by_length = model.config.rope_parameters.get("rope_type") in ("dynamic", "longrope")
    lengths = [2, 20, 21, 24, 25, 33, limit] if by_length else [21, limit]
    rows = []
    for tokens in [ids[:length] for length in lengths] + [ids[:12] + ids[limit:]]:
        values = logprobs(model, tokens)
        assert np.abs(np.array(values) - np.array(logprobs(old, tokens))).max() < 1e-5, (name, "old spelling")
        rows.append({"model": name, "tokens": tokens, "logprobs": values})
    return rows


def classification(out, name, seed):
    directory = out / name
    model = load(directory, AutoModelForSequenceClassification)
    ids = [int(token) for token in np.random.RandomState(seed).randint(0, VOCABULARY, 23)]
    with torch.inference_mode():
        values = model(torch.tensor([ids])).logits[0].double().tolist()
    row = {"model": name, "architecture": type(model).__name__, "tokens": ids}
    return {**row, "logits": [round(value, 6) for value in values]}


ROPES = [
    rope(),
    rope(10_000.0, "linear", factor=3.0),
    rope(10_000.0, "dynamic", factor=4.0),
    rope(10_000.0, "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
         original_max_position_embeddings=64),
    rope(10_000.0, "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0),
    rope(1_000_000.0, "yarn", factor=4.0, original_max_position_embeddings=32),
    rope(10_000.0, "yarn", factor=40.0, original_max_position_embeddings=40, mscale=0.707, mscale_all_dim=1.0),
    rope(10_000.0, "yarn", factor=40.0, original_max_position_embeddings=40, mscale=1.0, mscale_all_dim=0.0),
    rope(10_000.0, "yarn", factor=2.0, attention_factor=1.25, beta_fast=16.0, beta_slow=2.0),
    rope(10_000.0, "yarn", factor=2.0, original_max_position_embeddings=70, truncate=False),
    rope(10_000.0, "longrope", original_max_position_embeddings=32, short_factor=[1.0] * 8,
         long_factor=[1.0, 1.5, 2.0, 4.0, 8.0, 16.0, 20.0, 30.0]),
    rope(10_000.0, "longrope", factor=8.0, original_max_position_embeddings=32, short_factor=[1.0] * 8,
         long_factor=[2.0] * 8),
    rope(10_000.0, "longrope", factor=8.0, original_max_position_embeddings=32, attention_factor=1.5,
         short_factor=[1.1] * 8, long_factor=[2.0] * 8),
]  # fmt: skip


def rotary(parameters):
    """Frequencies and factor of a Llama with 128 positions and heads of 16, for texts of two lengths."""
    config = {"model_type": "llama", "vocab_size": 9, "hidden_size": 32, "intermediate_size": 4, "num_hidden_layers": 1,
              "num_attention_heads": 2, "max_position_embeddings": 128, "rope_parameters": parameters}  # fmt: skip
    kind = parameters["rope_type"]
    result = {"config": json.loads(json.dumps(config)), "lengths": []}
    for length in [32, 33, 128, 200, 256]:
        if kind == "default":
            frequencies, factor = torch.tensor([500.0 ** (-i / 8) for i in range(8)]), 1.0
        else:
            read = AutoConfig.for_model(**json.loads(json.dumps(config)))
            frequencies, factor = ROPE_INIT_FUNCTIONS[kind](read, seq_len=length)
        result["lengths"].append(
            {"length": length, "factor": factor, "frequencies": [float(f"{f:.7g}") for f in frequencies.tolist()]}
        )
    return result


def defaults(kind):
    """What the config class of a family takes where the config is silent."""
    config = json.loads(AutoConfig.for_model(kind).to_json_string(use_diff=False))
    if kind == "gemma3":
        config = {"model_type": kind, "text_config": config["text_config"]}
    return config


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    readme = (out / "README.md").read_text(encoding="utf-8") if (out / "README.md").exists() else ""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / "README.md").write_text(readme, encoding="utf-8")
    tokenizer().save(str(out / "tokenizer.json"), pretty=False)
    write_json(out / "tokenizer_config.json", {"eos_token": END, "tokenizer_class": "PreTrainedTokenizerFast"})

    sequences, classifications = [], []
    for seed, (name, kind, settings) in enumerate(MODELS):
        write_model(out, name, kind, settings, seed)
        sequences += golden_rows(out, name, 48, seed)
        if kind != "granite":  # has no classifier
            classifications.append(classification(out, name, seed))
    write_rows(out / "golden.json", {"sequences": sequences, "classifications": classifications})
    write_rows(out / "rotary.json", {"cases": [rotary(parameters) for parameters in ROPES]})
    kinds = sorted({kind for _, kind, _ in MODELS} | {"gpt2", "gemma3"})
    write_rows(out / "defaults.json", {"configs": [defaults(kind) for kind in kinds]})
    write_json(out / "versions.json", {"torch": torch.__version__, "transformers": transformers.__version__})


if __name__ == "__main__":
    main()
