# SPDX-License-Identifier: Apache-2.0
"""Writes the golden test data: tiny models, and what Hugging Face transformers computes with them.

    python golden.py --movie-reviews DIR --out langchain4j-w2s/src/test/resources/golden

DIR holds the directories base, untuned, tuned and gold. Everything is seeded; with the versions of
requirements.txt a second run writes the same bytes. OUT/README.md says what each file holds.
"""

import argparse
import json
import platform
import shutil
from pathlib import Path

import numpy as np
import safetensors
import tokenizers
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    GPT2Config,
    GPT2ForSequenceClassification,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
)
from transformers.generation.logits_process import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

EOT = "<|endoftext|>"

# The tiny tokenizers are trained on these.
SENTENCES = [
    "This movie was a wonderful surprise.",
    "This movie was dull, and the acting was worse.",
    "I loved the music; the story is another matter.",
    "The movie is about a man who loses the one thing that matters.",
    "It was the best movie of the year, and the worst movie of the summer.",
    "What a movie! The actors were great and the ending was moving.",
    "There is nothing in this movie that was not in the other movie.",
    "She was the heart of the story, and he was there for the money.",
]

# Longer material for the sequences that fill the positions of the bigger models.
REVIEW = [
    "I watched this film with my sister on a rainy evening and neither of us looked at the clock.",
    "The first half hour is slow, but the pay-off is worth the wait.",
    "Great cast, terrible script: the dialogue sounds as if nobody had ever read it aloud.",
    "10/10 would watch again!!!",
    "The photography is beautiful, and the music by the young composer stays with you for days.",
    "I can't believe they spent $80,000,000 on this mess.",
    "My favourite scene is the dinner, where nothing happens and everything is said.",
    "If you liked the book, stay away; if you haven't read it, stay away as well.",
    "<br /><br />The ending, I'm afraid, makes no sense at all.",
    "Still, the children in the audience laughed, and perhaps that's who it was made for.",
]


# ---------------------------------------------------------------------------------------------------------------------
# Tokenizers
# ---------------------------------------------------------------------------------------------------------------------


def byte_level(bos):
    """A byte-level BPE of 300 tokens in the manner of GPT-2; `bos` says whether <|endoftext|> is put in front."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=[AddedToken(EOT, normalized=False, special=True)],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    if bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{EOT} $A", pair=f"{EOT} $A $B", special_tokens=[(EOT, tokenizer.token_to_id(EOT))]
        )
    else:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def sentence_piece(metaspace):
    """A BPE with byte fallback in the manner of Llama 2: by normalizers, as in its tokenizer.json, or by Metaspace."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    trained.train_from_iterator(SENTENCES, trainers.BpeTrainer(vocab_size=90, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    merges = [tuple(merge) for merge in model["merges"]]
    merged = ["".join(merge) for merge in merges]
    characters = sorted(set(model["vocab"]) - set(merged))
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)] + merged + characters

    tokenizer = Tokenizer(
        models.BPE(
            vocab={token: index for index, token in enumerate(tokens)},
            merges=merges,
            unk_token="<unk>",
            fuse_unk=True,
            byte_fallback=True,
        )
    )
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in tokens[:3]])
    if metaspace:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    else:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)]
    )
    return tokenizer


def byte_level_config(limit):
    return {
        "bos_token": EOT,
        "clean_up_tokenization_spaces": False,
        "eos_token": EOT,
        "model_max_length": limit,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": EOT,
    }


def sentence_piece_config(limit, objects):
    """Older files write special tokens as objects."""

    def token(content):
        plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
        return {"__type": "AddedToken", "content": content, **plain} if objects else content

    return {
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": token("<s>"),
        "clean_up_tokenization_spaces": False,
        "eos_token": token("</s>"),
        "model_max_length": limit,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": token("<unk>"),
    }


# ---------------------------------------------------------------------------------------------------------------------
# Tiny models
# ---------------------------------------------------------------------------------------------------------------------


def randomise(model, seed):
    """Biases and norms too: transformers starts them at 0 and 1, which would hide a reader's errors."""
    random = np.random.RandomState(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            values = 0.3 * random.standard_normal(tuple(parameter.shape))
            if parameter.dim() == 1 and name.endswith("weight"):
                values += 1.0
            parameter.copy_(torch.from_numpy(values))
    model.tie_weights()
    return model.eval()


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def edit_json(path, change):
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    write_json(path, value)


def save(directory, model, tokenizer, tokenizer_config, dtype=torch.float32, seed=0):
    randomise(model, seed).to(dtype).save_pretrained(directory)
    if not (directory / "generation_config.json").exists():
        ids = {"bos_token_id": model.config.bos_token_id, "eos_token_id": model.config.eos_token_id}
        write_json(directory / "generation_config.json", {**ids, "transformers_version": transformers.__version__})
    (directory / "model.safetensors").chmod(0o644)
    tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    write_json(directory / "tokenizer_config.json", tokenizer_config)
    assert tokenizer.get_vocab_size() <= model.config.vocab_size


def write_models(out):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    eot = {"bos_token_id": 0, "eos_token_id": 0}
    still = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}

    save(
        out / "gpt2-odd",
        GPT2LMHeadModel(
            GPT2Config(vocab_size=300, n_positions=48, n_embd=30, n_head=3, n_layer=2, activation_function="gelu_new",
                       layer_norm_epsilon=1e-2, **eot, **still)
        ),
        byte_level(bos=False), byte_level_config(48), seed=1,
    )  # fmt: skip

    directory = out / "gpt2-untied"
    save(
        directory,
        GPT2LMHeadModel(
            GPT2Config(vocab_size=300, n_positions=40, n_embd=28, n_head=7, n_inner=50, n_layer=2,
                       activation_function="relu", tie_word_embeddings=False, **eot, **still)
        ),
        byte_level(bos=True), byte_level_config(40), dtype=torch.float16, seed=2,
    )  # fmt: skip
    # As the first GPT-2 checkpoints have it: no "transformer." in front, the causal mask among the weights.
    weights = load_file(directory / "model.safetensors")
    weights = {name.removeprefix("transformer."): tensor for name, tensor in weights.items()}
    for layer, mask in enumerate([torch.float32, torch.bool]):
        weights[f"h.{layer}.attn.bias"] = torch.ones(40, 40).tril().view(1, 1, 40, 40).to(mask)
        weights[f"h.{layer}.attn.masked_bias"] = torch.tensor(-1e4, dtype=torch.float16)
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})

    def gpt2_of_old(config):
        config["n_ctx"] = config["n_positions"]
        config["torch_dtype"] = config.pop("dtype")
        config["transformers_version"] = "4.30.2"

    edit_json(directory / "config.json", gpt2_of_old)

    save(
        out / "gpt2-scaled",
        GPT2LMHeadModel(
            GPT2Config(vocab_size=320, n_positions=64, n_embd=40, n_head=5, n_layer=3, activation_function="gelu",
                       scale_attn_by_inverse_layer_idx=True, **eot, **still)
        ),
        byte_level(bos=True), byte_level_config(64), seed=3,
    )  # fmt: skip

    save(
        out / "llama-gqa",
        LlamaForCausalLM(
            LlamaConfig(vocab_size=304, max_position_embeddings=72, hidden_size=36, num_attention_heads=6,
                        num_key_value_heads=2, head_dim=6, intermediate_size=44, num_hidden_layers=3,
                        attention_bias=True, mlp_bias=True, tie_word_embeddings=False, rms_norm_eps=1e-2,
                        rope_parameters={"rope_type": "default", "rope_theta": 1000.0}, **eot)
        ),
        byte_level(bos=True), byte_level_config(72), seed=4,
    )  # fmt: skip

    # Theta is chosen so that the four frequencies of a head meet all three branches of the llama3 rule: the first
    # keeps its value, the second is interpolated, the others are divided by the factor.
    directory = out / "llama-tied-bf16"
    save(
        directory,
        LlamaForCausalLM(
            LlamaConfig(vocab_size=300, max_position_embeddings=64, hidden_size=40, num_attention_heads=5,
                        num_key_value_heads=1, head_dim=8, intermediate_size=56, num_hidden_layers=2,
                        tie_word_embeddings=True,
                        rope_parameters={"rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0,
                                         "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                                         "original_max_position_embeddings": 32}, **eot)
        ),
        byte_level(bos=True), byte_level_config(64), dtype=torch.bfloat16, seed=5,
    )  # fmt: skip
    # Llama 3 lists several ids that end a text.
    edit_json(directory / "generation_config.json", lambda config: config.update(eos_token_id=[0, 299]))

    # A head dimension that is not hidden_size / num_attention_heads.
    directory = out / "llama-old-style"
    vocab = sentence_piece(metaspace=False).get_vocab_size()
    save(
        directory,
        LlamaForCausalLM(
            LlamaConfig(vocab_size=vocab, max_position_embeddings=96, hidden_size=33, num_attention_heads=3,
                        head_dim=10, intermediate_size=40, num_hidden_layers=2, hidden_act="gelu",
                        rope_parameters={"rope_type": "linear", "rope_theta": 2000.0, "factor": 2.0},
                        bos_token_id=1, eos_token_id=2)
        ),
        sentence_piece(metaspace=False), sentence_piece_config(96, objects=True), seed=6,
    )  # fmt: skip
    write_json(
        directory / "config.json",
        {
            "architectures": ["LlamaForCausalLM"],
            "bos_token_id": 1,
            "eos_token_id": 2,
            "head_dim": 10,
            "hidden_act": "gelu",
            "hidden_size": 33,
            "initializer_range": 0.02,
            "intermediate_size": 40,
            "max_position_embeddings": 96,
            "model_type": "llama",
            "num_attention_heads": 3,
            "num_hidden_layers": 2,
            "rms_norm_eps": 1e-06,
            "rope_scaling": {"type": "linear", "factor": 2.0},
            "rope_theta": 2000.0,
            "tie_word_embeddings": False,
            "torch_dtype": "float32",
            "transformers_version": "4.31.0",
            "use_cache": True,
            "vocab_size": vocab,
        },
    )

    save(
        out / "gpt2-classifier",
        GPT2ForSequenceClassification(
            GPT2Config(vocab_size=300, n_positions=64, n_embd=24, n_head=4, n_layer=2, pad_token_id=0,
                       id2label={0: "negative", 1: "neutral", 2: "positive"},
                       label2id={"negative": 0, "neutral": 1, "positive": 2}, **eot, **still)
        ),
        byte_level(bos=True), byte_level_config(64), seed=7,
    )  # fmt: skip

    vocab = sentence_piece(metaspace=True).get_vocab_size()
    save(
        out / "llama-classifier",
        LlamaForSequenceClassification(
            LlamaConfig(vocab_size=vocab, max_position_embeddings=80, hidden_size=24, num_attention_heads=4,
                        num_key_value_heads=2, intermediate_size=32, num_hidden_layers=2,
                        bos_token_id=1, eos_token_id=2, pad_token_id=2,
                        id2label={0: "BAD", 1: "GOOD"}, label2id={"BAD": 0, "GOOD": 1})
        ),
        sentence_piece(metaspace=True), sentence_piece_config(80, objects=False), seed=8,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# What transformers computes
# ---------------------------------------------------------------------------------------------------------------------


class Golden:
    """A model directory in float32, twice: with SDPA attention for the numbers, with eager attention as a check."""

    def __init__(self, directory, kind=AutoModelForCausalLM):
        self.model = kind.from_pretrained(directory, dtype=torch.float32, attn_implementation="sdpa").eval()
        self.eager = kind.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.raw = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self.limit = self.model.config.max_position_embeddings
        if kind is AutoModelForCausalLM:
            named = self.model.generation_config.eos_token_id
            self.ending = named if isinstance(named, list) else [named]

    def encode(self, text, special=True):
        ids = self.tokenizer(text, add_special_tokens=special)["input_ids"]
        assert ids == self.raw.encode(text, add_special_tokens=special).ids, "tokenizer.json does not say it all"
        return ids

    def logits(self, ids):
        assert len(ids) <= self.limit, (len(ids), self.limit)
        with torch.inference_mode():
            ids = torch.tensor([ids])
            logits, eager = (model(ids, use_cache=False).logits[0] for model in (self.model, self.eager))
        difference = (logits.log_softmax(-1) - eager.log_softmax(-1)).abs().max().item()
        assert difference < 1e-4, difference
        return logits

    def logprobs(self, ids):
        """Log-probability of every token after the first."""
        if len(ids) < 2:
            return []
        rows = self.logits(ids)[:-1].log_softmax(-1)
        return rows.gather(1, torch.tensor(ids[1:])[:, None])[:, 0].double().tolist()

    def score(self, prompt, response, ended, special=True):
        prompt_tokens = self.encode(prompt, special)
        tokens = self.encode(prompt + response, special)
        start = 0
        while start < min(len(prompt_tokens), len(tokens)) and prompt_tokens[start] == tokens[start]:
            start += 1
        if ended:
            tokens = tokens + self.ending[:1]
        counted = self.logprobs(tokens)[max(start, 1) - 1 :]
        if ended and counted:
            # A draw would end at any of them.
            after = self.logits(tokens)[-2].log_softmax(-1)
            counted[-1] = after[self.ending].double().logsumexp(0).item()
        return {
            "prompt_tokens": prompt_tokens,
            "tokens": tokens,
            "counted": len(counted),
            "logprob": round(sum(counted, 0.0), 6),
        }


def sequences(golden, seed):
    """Lengths from 1 to the limit: random ids, and for the bigger models text."""
    random = np.random.RandomState(seed)
    vocab = golden.model.config.vocab_size
    big = vocab > 1000
    lengths = [1, 2, 33, 128] if big else [1, 2, 3, 17, golden.limit - 1, golden.limit]
    result = [[int(token) for token in random.randint(0, vocab, length)] for length in lengths]
    if big:
        result.append(golden.encode(REVIEW[2]))
        text = []
        while len(golden.encode(" ".join(text))) < golden.limit:
            text.append(REVIEW[random.randint(len(REVIEW))])
        result.append(golden.encode(" ".join(text))[: golden.limit])
    return result


LONG = (
    " the best thing that has happened to me this year. I laughed, I cried, and when the lights went on I stayed in my"
    " seat until the last name had gone by.\n\nThe acting is first-rate, and the story, simple as it is, never lets you"
    " go: a man comes home after twenty years and nobody asks him where he has been.<br /><br />See it with somebody"
    " you love. 9/10"
)

# (prompt, response, ended); those too long for a model are left out for it.
CASES = [
    ("This movie was", " great", False),
    ("This movie was", " great", True),
    ("This movie was", " dull, and the acting was worse.", True),
    ("This movie was", "", True),
    ("This movie was", "", False),
    ("This mov", "ie was", False),
    ("This mov", "ie was", True),
    ("This m", "o", False),
    ("The movie ", "was moving", True),
    ("The movie  ", " was  moving  ", False),
    ("What a", " movie!\n\nThe end.\n", True),
    ("Line one\n", "\nline two", False),
    ("", "It was the best movie", True),
    ("", "", True),
    ("", "I", False),
    ("Caf", "é — naïve", True),
    ("So good 😀", "😀👍🏽 déjà vu", True),
    ("日本", "の映画", False),
    ("\tTabs\t", "\r\nand returns\u00a0", True),
    ("I can", "'t say I didn't", False),
    ("This movie was", LONG, True),
    ("This movie was" + LONG, " I would see it again", False),
]

CONVERSATIONS = [
    ([("user", "How was the acting?")], "The acting was very good.", True),
    ([("user", "Did you like the movie?")], "I loved it", False),
    ([("user", "Did you like the movie?")], "", True),
    ([("system", "Be brief."), ("user", "And the music?"), ("assistant", "It's fine."),
      ("user", "Would you recommend it?")], "Yes, to everybody.\n", True),
]  # fmt: skip

TEXTS = [
    "This movie was great",
    "This movie was dull, and the acting was worse.",
    "I",
    "",
    "What a movie!\nThe end 😀",
    " the worst movie of the summer ",
]

PROMPTS = ["This movie was", "I watched it with my sister and", "The acting"]


def greedy(golden, prompt, special):
    ids = golden.encode(prompt, special)
    with torch.inference_mode():
        output = golden.model.generate(
            torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            do_sample=False,
            max_new_tokens=30,
            output_scores=True,
            return_dict_in_generate=True,
        )
    tokens = output.sequences[0, len(ids) :].tolist()
    margins = [best[0, 0].item() - best[0, 1].item() for best in (step.topk(2).values for step in output.scores)]
    return {
        "prompt": prompt,
        "add_special_tokens": special,
        "prompt_tokens": ids,
        "tokens": tokens,
        "ended": tokens[-1] == golden.tokenizer.eos_token_id,
        "text": golden.tokenizer.decode(tokens, skip_special_tokens=True),
        "smallest_margin": round(min(margins), 6),
    }


def sampling():
    random = np.random.RandomState(20)
    vectors = [np.round(scale * random.standard_normal(50), 4) for scale in (0.5, 2.0, 6.0)]
    vectors.append(np.round(2.0 * random.standard_normal(50), 1))  # equal logits among them
    settings = [
        (1.0, 0, 1.0),
        (0.7, 0, 1.0),
        (2.5, 0, 1.0),
        (1.0, 1, 1.0),
        (1.0, 10, 1.0),
        (1.0, 100, 1.0),
        (1.0, 0, 0.9),
        (1.0, 0, 0.01),
        (0.7, 50, 0.95),
        (0.7, 20, 0.5),
        (1.3, 12, 0.8),
    ]
    result = []
    for index, vector in enumerate(vectors):
        for temperature, top_k, top_p in settings:
            scores = torch.tensor(vector, dtype=torch.float32)[None]
            if temperature != 1.0:
                scores = TemperatureLogitsWarper(temperature)(None, scores)
            if top_k > 0:
                scores = TopKLogitsWarper(top_k)(None, scores)
            if top_p < 1.0:
                sums = scores.double().sort().values.softmax(-1).cumsum(-1)
                assert (sums - (1 - top_p)).abs().min() > 1e-5, "the cut of top-p must not hang on rounding"
                ordered = scores[0].sort(descending=True).values
                scores = TopPLogitsWarper(top_p)(None, scores)
                kept = int((scores > -torch.inf).sum())
                if kept < len(vector) and ordered[kept - 1] == ordered[kept]:
                    continue  # nor on the order of equal logits
            probabilities = scores.softmax(-1)[0].tolist()
            result.append(
                {
                    "logits": index,
                    "temperature": temperature,
                    "top_k": top_k,
                    "top_p": top_p,
                    "probabilities": [float(f"{p:.8g}") for p in probabilities],
                }
            )
    return {"logits": [vector.tolist() for vector in vectors], "cases": result}


def write_rows(path, value):
    """JSON with one list element a line, so that differences can be read."""
    parts = []
    for key, rows in value.items():
        lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f"  {json.dumps(key)}: [\n{lines}\n  ]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--movie-reviews", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    out = arguments.out
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    write_models(out / "models")
    tiny = ["gpt2-odd", "gpt2-untied", "gpt2-scaled", "llama-gqa", "llama-tied-bf16", "llama-old-style"]
    big = ["base", "untuned", "tuned"]
    golden = {name: Golden(out / "models" / name) for name in tiny}
    golden |= {name: Golden(arguments.movie_reviews / name) for name in big}

    rows = []
    for name, model in golden.items():
        for ids in sequences(model, seed=10):
            rows.append({"model": name, "tokens": ids, "logprobs": [round(value, 6) for value in model.logprobs(ids)]})
    write_rows(out / "token-logprobs.json", {"sequences": rows})

    scores, conversations, pairs = [], [], []
    for name, model in golden.items():
        for prompt, response, ended in CASES:
            if len(model.encode(prompt + response)) + ended <= model.limit:
                case = {"model": name, "prompt": prompt, "response": response, "ended": ended}
                scores.append({**case, **model.score(prompt, response, ended)})
    for name in big:
        for turns, response, ended in CONVERSATIONS:
            messages = [{"role": role, "content": content} for role, content in turns]
            prompt = golden[name].tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            case = {"model": name, "messages": messages, "prompt": prompt, "response": response, "ended": ended}
            conversations.append({**case, **golden[name].score(prompt, response, ended, special=False)})
    for source in (scores, conversations):
        for tuned in (row for row in source if row["model"] == "tuned"):
            case = {key: tuned[key] for key in ("messages", "prompt", "response", "ended") if key in tuned}
            untuned = next(row for row in source if {**row, **case, "model": "untuned"} == row)
            logprobs = {"tuned_logprob": tuned["logprob"], "untuned_logprob": untuned["logprob"]}
            difference = round(tuned["logprob"] - untuned["logprob"], 6)
            pairs.append({"tuned": "tuned", "untuned": "untuned", **case, **logprobs, "score": difference})
    write_rows(out / "scores.json", {"scores": scores, "chat_scores": conversations, "pairs": pairs})

    rows = []
    for name in ["gold", "gpt2-classifier", "llama-classifier"]:
        parent = arguments.movie_reviews if name == "gold" else out / "models"
        model = Golden(parent / name, AutoModelForSequenceClassification)
        labels = [label for _, label in sorted(model.model.config.id2label.items())]
        for text in TEXTS:
            ids = model.encode(text)
            # transformers takes the last token that is not padding: here always the last token.
            assert len(ids) == 1 or ids[-1] != model.model.config.pad_token_id
            with torch.inference_mode():
                logits, eager = (m(torch.tensor([ids])).logits[0] for m in (model.model, model.eager))
            logprobs = logits.log_softmax(-1)
            assert (logprobs - eager.log_softmax(-1)).abs().max() < 1e-4
            values = [round(value, 6) for value in logprobs.double().tolist()]
            rows.append({"model": name, "text": text, "tokens": ids, "labels": labels, "logprobs": values})
    write_rows(out / "classifier.json", {"classifications": rows})

    write_rows(out / "sampling.json", sampling())

    rows = []
    for name in big:
        tokenizer = golden[name].tokenizer
        chat = [{"role": "user", "content": "How was the acting?"}]
        chat = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        for prompt, special in [(prompt, True) for prompt in PROMPTS] + [(chat, False)]:
            rows.append({"model": name, **greedy(golden[name], prompt, special)})
    write_rows(out / "greedy.json", {"continuations": rows})

    write_json(
        out / "versions.json",
        {
            "numpy": np.__version__,
            "python": platform.python_version(),
            "safetensors": safetensors.__version__,
            "tokenizers": tokenizers.__version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
    )


if __name__ == "__main__":
    main()
