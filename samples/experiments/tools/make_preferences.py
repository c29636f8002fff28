# SPDX-License-Identifier: Apache-2.0
"""Draws preferences as the paper's sentiment experiment does: a model responds twice to each prompt, a classifier
judges both, and one is chosen with probability sigmoid(its reward - the other's).

    python make_preferences.py --model MODEL --judge CLASSIFIER --label POSITIVE --prompts prompts.txt --out FILE

PROMPTS holds one raw prompt a line or, where its name ends in .jsonl, objects with "prompt" or a list "messages". Each
line of the output is what `w2s calibrate` and make_pair.py read, with the two rewards in nats beside it.
"""

import argparse
import json
import random
import sys
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedTokenizerBase,
    set_seed,
)

Prompt = str | list[dict[str, str]]


def read_prompts(path: Path) -> list[Prompt]:
    prompts: list[Prompt] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            sys.exit(f"{path}:{number}: a blank line; each line is a prompt")
        if path.suffix != ".jsonl":
            prompts.append(line)
            continue
        row = json.loads(line)
        if ("prompt" in row) == ("messages" in row):
            sys.exit(f'{path}:{number}: needs either "prompt" or "messages"')
        prompts.append(row.get("prompt", row.get("messages")))
    if not prompts:
        sys.exit(f"{path}: holds no prompts")
    return prompts


class Writer:
    """Draws responses of at most so many tokens, each with whether it really ended."""

    def __init__(self, reference: str, device: str, sampling: dict):
        self.tokenizer = AutoTokenizer.from_pretrained(reference)
        self.model = AutoModelForCausalLM.from_pretrained(reference, dtype=torch.float32).eval().to(device)
        ends = self.model.generation_config.eos_token_id
        self.ends = set(ends if isinstance(ends, list) else [ends])
        self.sampling = sampling

    def ids(self, prompt: Prompt) -> list[int]:
        if isinstance(prompt, str):
            return self.tokenizer(prompt)["input_ids"]
        rendered = self.tokenizer.apply_chat_template(prompt, add_generation_prompt=True, tokenize=False)
        return self.tokenizer(rendered, add_special_tokens=False)["input_ids"]

    @torch.inference_mode()
    def respond(self, prompt: Prompt, count: int) -> list[tuple[str, bool]]:
        ids = self.ids(prompt)
        batch = torch.tensor([ids], device=self.model.device)
        drawn = self.model.generate(
            batch,
            attention_mask=torch.ones_like(batch),
            num_return_sequences=count,
            do_sample=True,
            pad_token_id=min(self.ends),
            **self.sampling,
        )
        return [self.response(ids, row[len(ids) :].tolist()) for row in drawn]

    def response(self, prompt: list[int], drawn: list[int]) -> tuple[str, bool]:
        length = next((i for i, token in enumerate(drawn) if token in self.ends), None)
        # A response alone may lose its first space (SentencePiece), so both texts are decoded and compared.
        before = self.tokenizer.decode(prompt, skip_special_tokens=True)
        text = self.tokenizer.decode(prompt + drawn[:length], skip_special_tokens=True)
        return text[len(before) :], length is not None


class Judge:
    """The log-odds of a label, in nats; of a classifier with a single output, that output."""

    def __init__(self, reference: str, device: str, label: str | None):
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(reference)
        self.model = AutoModelForSequenceClassification.from_pretrained(reference, dtype=torch.float32)
        self.model.eval().to(device)
        config = self.model.config
        if config.num_labels > 1 and label not in config.label2id:
            sys.exit(f"--label {label}: {reference} knows {', '.join(config.label2id)}")
        self.label = config.label2id[label] if config.num_labels > 1 else None
        if self.tokenizer.pad_token is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        config.pad_token_id = self.tokenizer.pad_token_id

    @torch.inference_mode()
    def rewards(self, texts: list[str]) -> list[float]:
        batch = self.tokenizer(texts, return_tensors="pt", padding=True, padding_side="right", truncation=True)
        logits = self.model(**batch.to(self.model.device)).logits
        if self.label is None:
            return logits[:, 0].tolist()
        wanted = torch.arange(logits.shape[1], device=logits.device) == self.label
        return (logits[:, wanted].logsumexp(-1) - logits[:, ~wanted].logsumexp(-1)).tolist()


def judged_texts(prompt: Prompt, responses: list[str]) -> list[str]:
    """Prompt and response as one text; of a conversation the response alone, as the paper and `RewardModel` have it."""
    return [prompt + r for r in responses] if isinstance(prompt, str) else responses


def preference(prompt: Prompt, drawn: list[tuple[str, bool]], rewards: list[float]) -> dict | None:
    """The line of two responses, or none of two that are equal, empty, broken or, in a conversation, not whole."""
    (one, one_ended), (two, two_ended) = drawn
    if one == two or not one.strip() or not two.strip() or "\ufffd" in one + two:
        return None
    ended = one_ended and two_ended  # where only one did, neither end counts
    if not ended and not isinstance(prompt, str):
        return None
    first = random.random() < torch.sigmoid(torch.tensor(rewards[0] - rewards[1])).item()
    chosen, rejected = (0, 1) if first else (1, 0)
    return {
        "prompt" if isinstance(prompt, str) else "messages": prompt,
        "chosen": drawn[chosen][0],
        "rejected": drawn[rejected][0],
        "ended": ended,
        "chosen_reward": round(rewards[chosen], 4),
        "rejected_reward": round(rewards[rejected], 4),
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="the model that responds: directory or hub name")
    parser.add_argument("--judge", required=True, help="the classifier: directory or hub name")
    parser.add_argument("--label", help="the label that is wanted, where the classifier has several")
    parser.add_argument("--prompts", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--pairs", type=int, default=1, help="pairs a prompt (default %(default)s)")
    parser.add_argument("--max-tokens", type=int, default=50, help="of a response (default %(default)s)")
    parser.add_argument("--temperature", type=float, default=1.0, help="default %(default)s")
    parser.add_argument("--top-k", type=int, default=50, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default %(default)s")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    set_seed(args.seed)
    sampling = {"max_new_tokens": args.max_tokens, "temperature": args.temperature, "top_k": args.top_k, "top_p": 1.0}
    writer = Writer(args.model, args.device, sampling)
    judge = Judge(args.judge, args.device, args.label)
    written = dropped = agreed = 0
    with args.out.open("w", encoding="utf-8") as out:
        for prompt in read_prompts(args.prompts):
            drawn = writer.respond(prompt, 2 * args.pairs)
            rewards = judge.rewards(judged_texts(prompt, [text for text, _ in drawn]))
            for i in range(0, len(drawn), 2):
                row = preference(prompt, drawn[i : i + 2], rewards[i : i + 2])
                if row is None:
                    dropped += 1
                    continue
                written += 1
                agreed += row["chosen_reward"] > row["rejected_reward"]
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    share = f", the judge agrees with {agreed / written:.1%} of the draws" if written else ""
    print(f"{written} preferences{share}; {dropped} dropped: equal, empty, broken or, in conversations, not ended")


if __name__ == "__main__":
    main()
