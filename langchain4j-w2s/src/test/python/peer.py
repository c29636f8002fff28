# SPDX-License-Identifier: Apache-2.0
"""Times Hugging Face transformers at what docs/performance.md compares with: sampling 50 tokens.

    python peer.py samples/movie-reviews/src/main/resources/w2s-models/movie-reviews/base

Versions: requirements.txt. Prints seconds for batches of 1 and 16 rows.
"""
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

directory = sys.argv[1]
model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
prompt = AutoTokenizer.from_pretrained(directory)("This movie was", return_tensors="pt").input_ids
print("threads", torch.get_num_threads())
with torch.inference_mode():
    for rows in (1, 16):
        batch = prompt.repeat(rows, 1)
        for _ in range(4):
            start = time.perf_counter()
            model.generate(
                input_ids=batch, attention_mask=torch.ones_like(batch), do_sample=True,
                temperature=0.7, top_k=50, max_new_tokens=50, min_new_tokens=50, pad_token_id=0)
            print(rows, "rows", round(time.perf_counter() - start, 3), "s")
