# SPDX-License-Identifier: Apache-2.0
"""Writes golden/models/llama-added and golden/checkpoints.json: a model in several files with added tokens.

    python golden_checkpoints.py --golden langchain4j-w2s/src/test/resources/golden

The model is golden/models/llama-gqa with another norm, as if tuned, and two tokens more, which get rows of their own;
transformers saves it in several files. Beside its log-probabilities stand those of llama-gqa for the same texts, each by
its own tokenizer. Run with the versions of requirements.txt.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from transformers import AutoTokenizer, LlamaForCausalLM

ADDED = ["<|im_start|>", "<|im_end|>"]
RESPONSES = [
    ("This was", " good", True),
    ("The movie", " was a quiet, é 😀 wonder", False),
    ("a<|im_start|>b", " the<|im_end|> film", True),
    ("I", " loved it", True),
]


def logprob(model, tokenizer, prompt, response, ended):
    prompt_ids = tokenizer(prompt)["input_ids"]
    ids = tokenizer(prompt + response)["input_ids"]
    common = 0
    while common < min(len(prompt_ids), len(ids)) and prompt_ids[common] == ids[common]:
        common += 1
    if ended:
        ids = ids + [model.generation_config.eos_token_id]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0].float()
    nats = torch.log_softmax(logits, -1)
    first = max(common, 1)
    counted = [nats[i - 1, ids[i]].item() for i in range(first, len(ids))]
    return {"tokens": ids, "counted": len(counted), "logprob": round(sum(counted), 6)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True)
    golden = parser.parse_args().golden
    torch.set_num_threads(1)
    torch.manual_seed(13)
    transformers.logging.set_verbosity_error()

    source = golden / "models" / "llama-gqa"
    untuned_tokenizer = AutoTokenizer.from_pretrained(source)
    untuned = LlamaForCausalLM.from_pretrained(source, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(source)
    tokenizer.add_special_tokens({"additional_special_tokens": ADDED})
    model = LlamaForCausalLM.from_pretrained(source, dtype=torch.float32).eval()
    old = model.config.vocab_size
    model.resize_token_embeddings(old + 2, mean_resizing=False)
    with torch.no_grad():
        for row in (len(untuned_tokenizer), len(untuned_tokenizer) + 1, old, old + 1):
            model.model.embed_tokens.weight[row] = 0.3 * torch.randn(model.config.hidden_size)
            model.lm_head.weight[row] = 0.3 * torch.randn(model.config.hidden_size)
        model.model.norm.weight.mul_(1 + 0.2 * torch.randn(model.config.hidden_size))

    target = golden / "models" / "llama-added"
    target.mkdir(exist_ok=True)
    for file in target.iterdir():
        file.unlink()
    model.save_pretrained(target, max_shard_size="80KB")
    tokenizer.save_pretrained(target)
    (target / "tokenizer.json").write_text(
        json.dumps(json.loads((target / "tokenizer.json").read_text(encoding="utf-8")), separators=(",", ":")),
        encoding="utf-8",
    )

    for file in target.iterdir():
        file.chmod(0o644)

    rows = []
    for prompt, response, ended in RESPONSES:
        rows.append(
            {
                "prompt": prompt,
                "response": response,
                "ended": ended,
                "tuned": logprob(model, tokenizer, prompt, response, ended),
                "untuned": logprob(untuned, untuned_tokenizer, prompt, response, ended),
            }
        )
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    versions = json.dumps({"torch": torch.__version__, "transformers": transformers.__version__})
    (golden / "checkpoints.json").write_text(
        f'{{\n  "versions": {versions},\n  "pairs": [\n{lines}\n  ]\n}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
