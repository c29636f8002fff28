# SPDX-License-Identifier: Apache-2.0
"""Writes golden/eft.json: emulated fine-tuning (Mitchell et al. 2023) with Hugging Face transformers.

    python golden_eft.py --movie-reviews DIR --golden langchain4j-w2s/src/test/resources/golden

DIR holds the directories base, untuned and tuned; the adapters of golden_adapters.py must be there. Every token is drawn
from log base + beta * (log tuned - log untuned), each of a forward pass over the whole text, without a cache. The row of
an adapter needs peft beside requirements.txt.
"""

import argparse
import json
from pathlib import Path

import peft
import torch
import transformers
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.generation.logits_process import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

BETAS = [0.25, 0.5, 1.0, 2.0, 4.0]
PROMPTS = ["This movie was", "I watched it with my sister and", "The acting"]
WANTED = "One of the best movies I have ever seen. I loved it. 10/10. "
OPPOSITE = "One of the worst movies I have ever seen. I hated it. 1/10. "
MOST_TOKENS = 30
TOLD_STEPS = 3
TOLD_TOKENS = 5
# Temperature, top-k, top-p; where all tokens count there are too many to sweep.
SAMPLING = [(0.7, 50, 1.0), (1.0, 10, 1.0), (1.3, 20, 0.8), (2.5, 100, 0.95)]


class Steered:
    """The three models and how they read a prompt."""

    def __init__(self, names, models, tokenizer):
        self.names, self.models, self.tokenizer = names, models, tokenizer
        ends = models[0].generation_config.eos_token_id
        self.ends = ends if isinstance(ends, list) else [ends]

    def prompts(self, texts):
        return [self.tokenizer(text)["input_ids"] for text in texts]

    def log_probabilities(self, prompts, response):
        """What the base has, and what all three together have, over the whole vocabulary."""
        with torch.inference_mode():
            nats = [
                model(torch.tensor([prompt + response]), use_cache=False).logits[0, -1].double().log_softmax(-1)
                for model, prompt in zip(self.models, prompts)
            ]
        return nats[0], lambda beta: (nats[0] + beta * (nats[1] - nats[2])).log_softmax(-1)

    def greedy(self, texts, beta):
        prompts, tokens, margins, steps = self.prompts(texts), [], [], []
        positions = min(model.config.max_position_embeddings for model in self.models)
        most = min(MOST_TOKENS, positions - max(len(prompt) for prompt in prompts))
        nats_of_base = 0.0
        while len(tokens) < most and not (tokens and tokens[-1] in self.ends):
            base, steered = self.log_probabilities(prompts, tokens)
            steered = steered(beta)
            best = steered.topk(max(2, TOLD_TOKENS))
            margins.append((best.values[0] - best.values[1]).item())
            if len(steps) < TOLD_STEPS:
                told = best.indices.tolist() + [0, 1, len(steered) - 1]
                steps.append({"tokens": told, "logprobs": [round(steered[token].item(), 6) for token in told]})
            tokens.append(best.indices[0].item())
            nats_of_base += base[tokens[-1]].item()
        names = dict(zip(("base", "tuned", "untuned"), self.names))
        shown = dict(zip(("prompt", "tuned_prompt", "untuned_prompt"), texts))
        return {
            **names,
            **shown,
            "beta": beta,
            "tokens": tokens,
            "ended": tokens[-1] in self.ends,
            "text": self.tokenizer.decode(tokens, skip_special_tokens=True),
            "smallest_margin": round(min(margins), 6),
            "base_logprob": round(nats_of_base, 6),
            "steps": steps,
        }

    def sampling(self, text, beta, temperature, top_k, top_p):
        _, steered = self.log_probabilities(self.prompts([text] * 3), [])
        scores = steered(beta).float()[None]
        scores = TemperatureLogitsWarper(temperature)(None, scores) if temperature != 1.0 else scores
        scores = TopKLogitsWarper(top_k)(None, scores)
        if top_p < 1.0:
            sums = scores.double().sort().values.softmax(-1).cumsum(-1)
            assert (sums - (1 - top_p)).abs().min() > 1e-5, "the cut of top-p must not hang on rounding"
            scores = TopPLogitsWarper(top_p)(None, scores)
        probabilities = scores.double().softmax(-1)[0]
        kept = probabilities.nonzero()[:, 0].tolist()
        return {
            "prompt": text,
            "beta": beta,
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "tokens": kept,
            "probabilities": [float(f"{probabilities[token].item():.8g}") for token in kept],
        }


def load(path):
    return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()


def write_rows(path, value):
    """JSON with one list element a line, so that differences can be read."""
    parts = []
    for key, rows in value.items():
        if isinstance(rows, list):
            lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
            parts.append(f"  {json.dumps(key)}: [\n{lines}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(rows)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--movie-reviews", type=Path, required=True)
    parser.add_argument("--golden", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    base, tuned, untuned = (load(arguments.movie_reviews / name) for name in ("base", "tuned", "untuned"))
    tokenizer = AutoTokenizer.from_pretrained(arguments.movie_reviews / "base")
    pair = Steered(("base", "tuned", "untuned"), (base, tuned, untuned), tokenizer)
    greedy = [pair.greedy([prompt] * 3, beta) for prompt in PROMPTS for beta in BETAS]
    prompted = Steered(("base", "untuned", "untuned"), (base, untuned, untuned), tokenizer)
    greedy += [prompted.greedy([PROMPTS[0], WANTED + PROMPTS[0], OPPOSITE + PROMPTS[0]], beta) for beta in (0.5, 1.0)]
    itself = Steered(("tuned", "tuned", "untuned"), (tuned, tuned, untuned), tokenizer)
    greedy.append(itself.greedy([PROMPTS[0]] * 3, 1.0))
    whole = arguments.golden / "models" / "llama-gqa"
    adapter = PeftModel.from_pretrained(load(whole), arguments.golden / "adapters" / "llama-qv").eval()
    models = (load(arguments.golden / "models" / "llama-gqa"), adapter, load(whole))
    lora = Steered(("llama-gqa", "llama-qv", "llama-gqa"), models, AutoTokenizer.from_pretrained(whole))
    greedy += [lora.greedy([PROMPTS[0]] * 3, beta) for beta in (1.0, 4.0)]

    sampling = [
        pair.sampling(prompt, beta, *how) for prompt, beta in zip(PROMPTS, (0.5, 1.0, 4.0)) for how in SAMPLING
    ]
    versions = {"peft": peft.__version__, "torch": torch.__version__, "transformers": transformers.__version__}
    write_rows(arguments.golden / "eft.json", {"greedy": greedy, "sampling": sampling, "versions": versions})


if __name__ == "__main__":
    main()
