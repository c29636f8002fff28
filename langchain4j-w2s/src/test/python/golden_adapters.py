# SPDX-License-Identifier: Apache-2.0
"""Writes golden/adapters and golden/adapters.json: LoRA adapters over golden models, and what PEFT makes of them.

    python golden_adapters.py --golden langchain4j-w2s/src/test/resources/golden

Needs peft 0.21.2 beside requirements.txt. Everything is seeded; weights are random, so that every tensor of an adapter
counts. An adapter names its base relative to its own directory.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import peft
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
TEMPLATE = "{% for m in messages %}<|kind|>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<|kind|>{% endif %}"

# Name, base, how it is tuned.
ADAPTERS = [
    ("llama-qv", "llama-gqa", {"target_modules": ["q_proj", "v_proj"], "r": 3, "lora_alpha": 5}),
    (
        "llama-patterns",
        "llama-gqa",
        {
            "target_modules": "all-linear",
            "r": 2,
            "lora_alpha": 3,
            "rank_pattern": {"q_proj": 5, r"layers\.1\.mlp\.(up|gate)_proj": 1},
            "alpha_pattern": {r"^model\.layers\.0\.self_attn\.[kv]_proj": 7, r".*\.down_proj": 2, "layers.1.mlp.down_proj": 8,
                              "o_proj": 9},
        },
    ),
    (
        "llama-rslora",
        "llama-gqa",
        {
            "target_modules": ["o_proj", "down_proj"],
            "r": 6,
            "lora_alpha": 4,
            "use_rslora": True,
            "layers_to_transform": [0, 2],
            "alpha_pattern": {"down_proj": 6},
        },
    ),
    ("llama-saved", "llama-gqa", {"target_modules": ["k_proj"], "r": 2, "modules_to_save": ["embed_tokens", "lm_head"]}),
    ("llama-ends", "llama-gqa", {"target_modules": ["embed_tokens", "lm_head", "gate_proj"], "r": 4, "lora_alpha": 6}),
    ("tied-saved", "llama-tied-bf16", {"target_modules": ATTENTION, "r": 2, "modules_to_save": ["embed_tokens"]}),
    (
        "tied-ends",
        "llama-tied-bf16",
        {"target_modules": ["embed_tokens", "up_proj"], "r": 3, "lora_alpha": 6, "ensure_weight_tying": True},
    ),
    (
        "gpt2-fan",
        "gpt2-odd",
        {"target_modules": ["c_attn", "c_proj", "c_fc"], "r": 3, "lora_alpha": 4, "fan_in_fan_out": True},
    ),
    ("gpt2-head", "gpt2-odd", {"target_modules": ["c_attn"], "r": 2, "fan_in_fan_out": True, "modules_to_save": ["lm_head"]}),
    # Its tokenizer has a token more, a chat template, and its embeddings have grown.
    (
        "llama-grown",
        "llama-gqa",
        {"target_modules": ["q_proj"], "r": 2, "modules_to_save": ["embed_tokens", "lm_head"]},
    ),
    # Reward models.
    ("llama-reward", "llama-gqa", {"target_modules": ATTENTION, "r": 2, "task_type": "SEQ_CLS"}),
    ("classifier-qv", "llama-classifier", {"target_modules": ["q_proj", "v_proj"], "r": 2, "task_type": "SEQ_CLS"}),
]
GROWN = 310
PROMPTS = [("This movie was", " a wonderful surprise.", True), ("I loved the", " music", False), ("The movie", "", True)]


def load_base(golden, name, config, adapter):
    path = golden / "models" / name
    if config.get("task_type") == "SEQ_CLS":
        labels = {"num_labels": 1} if name == "llama-gqa" else {}
        return AutoModelForSequenceClassification.from_pretrained(path, dtype=torch.float32, **labels)
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    if adapter == "llama-grown":
        model.resize_token_embeddings(GROWN, mean_resizing=False)
    return model


def randomise(tensors, seed, tied):
    """Weights of the size that an adapter's have; embeddings that PEFT saves with what changes them stay as they are."""
    generator = torch.Generator().manual_seed(seed)
    changed = {}
    for name, tensor in sorted(tensors.items()):
        if "base_layer" in name:
            changed[name] = tensor.to(torch.bfloat16).contiguous()
        else:
            scale = 0.3 if "lora" in name else 0.25
            fresh = torch.randn(tensor.shape, generator=generator) * scale
            changed[name] = fresh.to(torch.float32 if "lora" in name else torch.bfloat16).contiguous()
    embedding = "base_model.model.model.embed_tokens.lora_embedding_"
    if tied:  # the head's are the embedding's, turned over
        changed["base_model.model.lm_head.lora_A.weight"] = changed[embedding + "B"].t().contiguous()
        changed["base_model.model.lm_head.lora_B.weight"] = changed[embedding + "A"].t().contiguous()
    return changed


def write(golden, name, base, config, seed):
    target = golden / "adapters" / name
    options = {"task_type": "CAUSAL_LM", "lora_dropout": 0.1, **config}
    model = get_peft_model(load_base(golden, base, config, name), LoraConfig(**options))
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tensors = load_file(Path(folder) / "adapter_model.safetensors")
        written = json.loads((Path(folder) / "adapter_config.json").read_text())
    written["base_model_name_or_path"] = f"../../models/{base}"
    for key in ("target_modules", "modules_to_save"):
        if isinstance(written[key], list):
            written[key] = sorted(written[key])
    target.mkdir(parents=True)
    save_file(randomise(tensors, seed, options.get("ensure_weight_tying", False)), target / "adapter_model.safetensors", {"format": "pt"})
    (target / "adapter_config.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    if name == "llama-grown":
        tokenizer = AutoTokenizer.from_pretrained(golden / "models" / base)
        tokenizer.add_special_tokens({"additional_special_tokens": ["<|kind|>"]})
        tokenizer.chat_template = TEMPLATE
        tokenizer.save_pretrained(target)
    return target


def log_probabilities(model, tokens):
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0].float()
    nats = logits.log_softmax(-1)
    return [round(nats[i, token].item(), 6) for i, token in enumerate(tokens[1:])]


def sequences(model, base, name, seed):
    generator = torch.Generator().manual_seed(1000 + seed)
    rows = []
    vocabulary = GROWN if name == "llama-grown" else base.config.vocab_size
    positions = base.config.max_position_embeddings
    for length in (2, 17, positions):
        tokens = torch.randint(0, vocabulary, (length,), generator=generator).tolist()
        row = {"adapter": name, "tokens": tokens, "logprobs": log_probabilities(model, tokens)}
        if name != "llama-grown":
            row["base_logprobs"] = log_probabilities(base, tokens)
        rows.append(row)
    return rows


def score(model, tokenizer, prompt, response, ended, eos):
    """As scores.json has it; see README.md."""
    before = tokenizer(prompt)["input_ids"]
    tokens = tokenizer(prompt + response)["input_ids"]
    common = 0
    while common < min(len(before), len(tokens)) and before[common] == tokens[common]:
        common += 1
    with torch.no_grad():
        nats = model(torch.tensor([tokens])).logits[0].float().log_softmax(-1)
    total = sum(nats[i - 1, tokens[i]].item() for i in range(max(1, common), len(tokens)))
    if ended:
        total += nats[-1, eos].logsumexp(0).item()
    return round(total, 6)


def pairs(golden, model, base, name, base_name):
    path = golden / "models" / base_name
    tokenizer = AutoTokenizer.from_pretrained(path)
    ends = json.loads((path / "generation_config.json").read_text())["eos_token_id"]
    eos = ends if isinstance(ends, list) else [ends]
    rows = []
    for prompt, response, ended in PROMPTS:
        tuned = score(model, tokenizer, prompt, response, ended, eos)
        untuned = score(base, tokenizer, prompt, response, ended, eos)
        rows.append(
            {"adapter": name, "prompt": prompt, "response": response, "ended": ended, "tuned": tuned, "untuned": untuned,
             "score": round(tuned - untuned, 6)}
        )  # fmt: skip
    return rows


def classifications(golden, model, name, base_name):
    tokenizer = AutoTokenizer.from_pretrained(golden / "models" / base_name)
    rows = []
    for prompt, response, _ in PROMPTS:
        tokens = tokenizer(prompt + response)["input_ids"]
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0].float()
        rows.append({"adapter": name, "text": prompt + response, "logits": [round(x, 6) for x in logits.tolist()]})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True)
    golden = parser.parse_args().golden
    torch.set_num_threads(1)
    shutil.rmtree(golden / "adapters", ignore_errors=True)
    out = {"peft": peft.__version__, "sequences": [], "pairs": [], "classifications": []}
    for seed, (name, base_name, config) in enumerate(ADAPTERS):
        target = write(golden, name, base_name, config, seed)
        model = PeftModel.from_pretrained(load_base(golden, base_name, config, name), target).eval()
        if config.get("task_type") == "SEQ_CLS":
            out["classifications"] += classifications(golden, model, name, base_name)
            continue
        base = load_base(golden, base_name, config, name).eval()
        out["sequences"] += sequences(model, base, name, seed)
        if name != "llama-grown":
            out["pairs"] += pairs(golden, model, base, name, base_name)
    (golden / "adapters.json").write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
