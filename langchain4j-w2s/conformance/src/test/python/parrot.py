# SPDX-License-Identifier: Apache-2.0
"""Trains the parrot: a tiny Llama that knows the answers to LangChain4j's suites by heart.

    python parrot.py --out langchain4j-w2s/conformance/src/test/resources/parrot

Versions: those of langchain4j-w2s/src/test/python/requirements.txt. Takes a minute on two cores.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

END = "<|end|>"
TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '" + END + "' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
BERLIN = "The capital of Germany is Berlin, a city with many cinemas."
STORY = (
    "Once upon a time a cat, a dog and a goose shared a seat in the third row. The cat watched the film, the dog "
    "watched the cat, and the goose, who had paid for all three, watched the clock until the lights came on again."
)
CONVERSATIONS = [
    [("user", "What is the capital of Germany?"), ("assistant", BERLIN)],
    [("user", "What is the capital of Germany? How much is 2 + 2?"), ("assistant", BERLIN + " And 2 + 2 is 4.")],
    [
        ("system", "Translate messages from user into German"),
        ("user", "Translate: 'I love you'"),
        ("assistant", "Ich liebe dich"),
    ],
    [
        ("user", "Hi, my favorite color is green"),
        ("assistant", "Hi, nice to meet you"),
        ("user", "What is my favorite color?"),
        ("assistant", "Your favorite color is green."),
    ],
    [("user", "Say 'Hello World'"), ("assistant", "Hello World")],
    [("user", "Tell me a long story about animals"), ("assistant", STORY)],
    [("user", "Tell me a long story"), ("assistant", STORY)],
    [("user", "hello"), ("assistant", "Hello to you, too.")],
]


def render(turns):
    return "".join(f"<|{role}|>{content}{END}" for role, content in turns)


def train_tokenizer(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[END, "<|system|>", "<|user|>", "<|assistant|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def train_model(tokenizer, texts):
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        bos_token_id=0,
        eos_token_id=0,
        tie_word_embeddings=True,
    )
    model = LlamaForCausalLM(config)
    batches = [torch.tensor([tokenizer.encode(text).ids]) for text in texts]
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    for _ in range(400):
        loss = sum(model(ids, labels=ids).loss for ids in batches)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def check(model, tokenizer):
    for turns in CONVERSATIONS:
        prompt = render(turns[:-1]) + "<|assistant|>"
        ids = torch.tensor([tokenizer.encode(prompt).ids])
        out = model.generate(ids, max_new_tokens=200, do_sample=False)[0, ids.shape[1] :].tolist()
        assert out[-1] == 0, prompt
        assert tokenizer.decode(out[:-1]) == turns[-1][1], tokenizer.decode(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    texts = [render(turns) for turns in CONVERSATIONS]
    tokenizer = train_tokenizer(texts)
    model = train_model(tokenizer, texts).half()
    tokenizer.save(str(out / "tokenizer.json"))
    tensors = {name: t.contiguous() for name, t in model.state_dict().items() if name != "lm_head.weight"}
    save_file(tensors, str(out / "model.safetensors"), metadata={"format": "pt"})
    config = model.config.to_dict() | {"architectures": ["LlamaForCausalLM"], "torch_dtype": "float16"}
    kept = {key: value for key, value in config.items() if not key.startswith("_") and value is not None}
    (out / "config.json").write_text(json.dumps(kept, indent=2, sort_keys=True, default=str) + "\n")
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END, "chat_template": TEMPLATE}
    (out / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    check(model.float(), tokenizer)


if __name__ == "__main__":
    main()
