// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

/**
 * How a chat model is made to go on with an answer that it has begun. What a model does is found
 * out by what it answers, never by its name; see docs/continuation.md for the servers that each is
 * for.
 */
public enum Continuation {
  /**
   * The first of {@link #PREFILL}, {@link #CONTINUE_FINAL} and {@link #PREFIX} that is seen to go
   * on, else {@link #WHOLE}. {@link #INSTRUCTION} is never chosen: nothing tells whether a model
   * has obeyed.
   */
  AUTO,
  /** The answer so far as last message, the assistant's (llama.cpp, Anthropic, Ollama). */
  PREFILL,
  /**
   * The same, with {@code continue_final_message} and without {@code add_generation_prompt} (vLLM,
   * SGLang).
   */
  CONTINUE_FINAL,
  /** The same, with {@code "prefix": true} in the message (DeepSeek, Mistral). */
  PREFIX,
  /**
   * The answer so far as a message, and a request to go on with it: any model, without warranty.
   */
  INSTRUCTION,
  /** No continuation: whole responses, of which the best is chosen. */
  WHOLE
}
