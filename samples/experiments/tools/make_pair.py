# SPDX-License-Identifier: Apache-2.0
"""Makes a pair of a small model and preferences: OUT/untuned by supervised fine-tuning on the chosen responses, and
OUT/tuned from it by direct preference optimization, as a whole model or, with --lora, as an adapter over OUT/untuned.

    python make_pair.py --base MODEL --preferences FILE --out OUT

Each line of FILE is {"prompt", "chosen", "rejected"}: three texts, or three lists of messages (TRL's form). A list
"messages" may stand in place of the prompt, with texts as responses (the form of `w2s calibrate`). With "ended": true
both texts really ended, and their ends are learned; a conversation's responses always are whole.

Some prompts are kept from training. Their preferences come to lie in OUT/held-out.jsonl for `w2s calibrate`; what was
done and measured, in OUT/training.json.
"""

import argparse
import json
import random
import sys
import time
from importlib.metadata import version
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer


# Preferences


def read_preferences(path: Path) -> list[dict]:
    """TRL's form of each line, with `ended`."""
    with path.open(encoding="utf-8") as lines:
        rows = [preference(line, f"{path}:{number}") for number, line in enumerate(lines, 1)]
    if len({type(row["prompt"]) for row in rows}) > 1:
        sys.exit(f"{path}: holds raw prompts and conversations; a pair is made of either")
    return rows


def preference(line: str, where: str) -> dict:
    try:
        row = json.loads(line)
    except ValueError as e:
        sys.exit(f"{where}: no JSON object: {e}")
    if not isinstance(row, dict):
        sys.exit(f"{where}: no JSON object, but {type(row).__name__}")
    if ("prompt" in row) == ("messages" in row):
        sys.exit(f'{where}: needs either "prompt" or "messages"')
    prompt = row.get("prompt", row.get("messages"))
    if not isinstance(prompt, str | list):
        sys.exit(f"{where}: the prompt is neither text nor messages, but {type(prompt).__name__}")
    conversation = isinstance(prompt, list)
    responses = {}
    for key in ("chosen", "rejected"):
        response = row.get(key)
        if conversation and isinstance(response, str):
            response = [{"role": "assistant", "content": response}]
        if not isinstance(response, type(prompt)) or not response:
            sys.exit(f'{where}: "{key}" is not of the kind of its prompt, {"messages" if conversation else "text"}')
        responses[key] = response
    if conversation and row.get("ended") is False:
        sys.exit(f'{where}: "ended": false; a chat template closes every response, so that they must be whole')
    return {"prompt": prompt, **responses, "ended": conversation or row.get("ended") is True}


def hold_out(rows: list[dict], count: int) -> tuple[list[dict], list[dict]]:
    """Those of training and at least `count` held out, which share no prompt."""
    by_prompt: dict[str, list[dict]] = {}
    for row in rows:
        by_prompt.setdefault(json.dumps(row["prompt"]), []).append(row)
    prompts = list(by_prompt)
    random.shuffle(prompts)
    held: list[dict] = []
    while prompts and len(held) < count:
        held += by_prompt[prompts.pop()]
    training = [row for prompt in prompts for row in by_prompt[prompt]]
    if not training:
        sys.exit(f"--hold-out {count}: leaves nothing of {len(rows)} preferences to train on")
    return training, held


def calibration_line(row: dict) -> str:
    """The form that `w2s calibrate` reads."""
    if isinstance(row["prompt"], list):
        texts = {key: row[key][-1]["content"] for key in ("chosen", "rejected")}
        row = {"messages": row["prompt"], **texts, "ended": row["ended"]}
    return json.dumps(row, ensure_ascii=False) + "\n"


def without_false_ends(tokens: Dataset, columns: list[str], end: int) -> Dataset:
    """TRL ends every text. Of one that was only cut, the end is taken away: a model would learn to stop there."""

    def cut(row: dict) -> dict:
        last = {c: row[c][-1:] for c in columns}
        return {c: row[c] if row["ended"] or last[c] != [end] else row[c][:-1] for c in columns}

    return tokens.map(cut)


# Training, and what is written


def load(reference: str | Path):
    """In float32: of bfloat16 weights small steps of training are rounded away."""
    return AutoModelForCausalLM.from_pretrained(reference, dtype=torch.float32)


def training_settings(args: argparse.Namespace, out: Path) -> dict:
    """What both stages have in common, after the paper's sentiment experiment."""
    return {
        "output_dir": str(out),
        "per_device_train_batch_size": args.batch // args.accumulate,
        "per_device_eval_batch_size": args.batch // args.accumulate,
        "gradient_accumulation_steps": args.accumulate,
        "max_length": args.max_length,
        "weight_decay": 0.05,
        "warmup_steps": 0.25,
        "lr_scheduler_type": "cosine",
        "bf16": torch.cuda.is_available(),
        "gradient_checkpointing": args.accumulate > 1,
        "seed": args.seed,
        "save_strategy": "no",
        "report_to": "none",
    }


def supervised(args: argparse.Namespace, tokenizer, rows: list[dict], work: Path) -> SFTTrainer:
    config = SFTConfig(
        **training_settings(args, work), num_train_epochs=args.sft_epochs, learning_rate=args.sft_lr
    )
    texts = [{"prompt": r["prompt"], "completion": r["chosen"], "ended": r["ended"]} for r in rows]
    trainer = SFTTrainer(
        model=load(args.base), args=config, train_dataset=Dataset.from_list(texts), processing_class=tokenizer
    )
    trainer.train_dataset = without_false_ends(
        trainer.train_dataset, ["input_ids", "labels"], tokenizer.eos_token_id
    )
    trainer.train()
    return trainer


def preferring(
    args: argparse.Namespace, tokenizer, rows: list[dict], held: list[dict], untuned: Path, work: Path
) -> DPOTrainer:
    config = DPOConfig(
        **training_settings(args, work), num_train_epochs=args.epochs, learning_rate=args.lr, beta=args.beta
    )
    lora = None
    if args.lora:
        lora = LoraConfig(
            task_type="CAUSAL_LM", r=args.lora_rank, lora_alpha=2 * args.lora_rank, target_modules="all-linear"
        )
    trainer = DPOTrainer(
        model=load(untuned),
        ref_model=None if args.lora else load(untuned),
        args=config,
        train_dataset=Dataset.from_list(rows),
        eval_dataset=Dataset.from_list(held) if held else None,
        processing_class=tokenizer,
        peft_config=lora,
    )
    columns = ["chosen_ids", "rejected_ids"]
    trainer.train_dataset = without_false_ends(trainer.train_dataset, columns, tokenizer.eos_token_id)
    if held:
        trainer.eval_dataset = without_false_ends(trainer.eval_dataset, columns, tokenizer.eos_token_id)
    trainer.train()
    return trainer


def save(model, reference: str, directory: Path) -> None:
    """The tokenizer is the base's own: TRL gives the one that it trains with a token to pad with."""
    model.save_pretrained(directory)
    AutoTokenizer.from_pretrained(reference).save_pretrained(directory)
    if not (directory / "tokenizer.json").exists():
        sys.exit(f"{directory}: the tokenizer of {reference} has no tokenizer.json; see the README")


def name_base(config: Path, base: str) -> None:
    """Names the adapter's base as seen from its own directory, so that the pair may be moved."""
    named = json.loads(config.read_text(encoding="utf-8")) | {"base_model_name_or_path": base}
    config.write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="the small model to start from: directory or hub name")
    parser.add_argument("--preferences", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path, help="must not exist")
    parser.add_argument("--hold-out", type=int, default=100, help="at least so many preferences are not trained on, all of a prompt or none (default %(default)s)")
    parser.add_argument("--sft-epochs", type=float, default=1, help="0 leaves the base as it is (default %(default)s)")
    parser.add_argument("--sft-lr", type=float, default=2e-5, help="learning rate (default %(default)s)")
    parser.add_argument("--lora", action="store_true", help="tune by an adapter over the untuned model")
    parser.add_argument("--lora-rank", type=int, default=16, help="default %(default)s; alpha is twice the rank")
    parser.add_argument("--beta", type=float, default=0.1, help="of DPO (default %(default)s)")
    parser.add_argument("--lr", type=float, help="learning rate of DPO (default 1e-4, with --lora 5e-4)")
    parser.add_argument("--epochs", type=float, default=3, help="of DPO (default %(default)s)")
    parser.add_argument("--batch", type=int, default=32, help="preferences a step (default %(default)s)")
    parser.add_argument("--accumulate", type=int, default=1, help="parts of a batch, to save memory (default 1)")
    parser.add_argument("--max-length", type=int, default=512, help="tokens; longer is cut (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    args = parser.parse_args()
    if args.lr is None:
        args.lr = 5e-4 if args.lora else 1e-4
    if args.out.exists():
        parser.error(f"--out {args.out}: exists")
    if args.batch % args.accumulate:
        parser.error(f"--accumulate {args.accumulate}: does not divide --batch {args.batch}")
    return args


def main() -> None:
    args = arguments()
    started = time.monotonic()
    set_seed(args.seed)
    training, held = hold_out(read_preferences(args.preferences), args.hold_out)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    untuned, tuned = args.out / "untuned", args.out / "tuned"
    args.out.mkdir(parents=True)
    (args.out / "held-out.jsonl").write_text("".join(map(calibration_line, held)), encoding="utf-8")

    log = {}
    if args.sft_epochs:
        trainer = supervised(args, tokenizer, training, args.out)
        log["sft"] = trainer.state.log_history
        save(trainer.model, args.base, untuned)
    else:
        save(load(args.base), args.base, untuned)

    trainer = preferring(args, tokenizer, training, held, untuned, args.out)
    log["dpo"] = trainer.state.log_history
    if held:
        log["held_out"] = trainer.evaluate()
    save(trainer.model, args.base, tuned)
    if args.lora:
        name_base(tuned / "adapter_config.json", "../untuned")

    log |= {
        "arguments": {key: str(value) for key, value in vars(args).items()},
        "preferences": {"training": len(training), "held_out": len(held)},
        "seconds": round(time.monotonic() - started),
        "versions": {name: version(name) for name in ("peft", "torch", "transformers", "trl")},
    }
    (args.out / "training.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    print(f"{untuned} and {tuned} after {log['seconds']} s; next: w2s calibrate with {args.out / 'held-out.jsonl'}")


if __name__ == "__main__":
    main()
