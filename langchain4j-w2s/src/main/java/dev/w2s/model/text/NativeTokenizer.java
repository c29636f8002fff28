// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A handle on a tokenizer in native memory, for any number of threads. A close waits for the calls
 * that are under way and later calls are refused, where native code would read freed memory. The
 * tokenizer itself goes with the last of its handles.
 */
final class NativeTokenizer implements AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad", "addSpecialTokens", "true");

  private final Path file;
  private final HuggingFaceTokenizer tokenizer;
  private final String digest;
  private final AtomicInteger handles;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeTokenizer(
      Path file, HuggingFaceTokenizer tokenizer, String digest, AtomicInteger handles) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.digest = digest;
    this.handles = handles;
  }

  /**
   * Loads the library, whose faults are not those of a tokenizer.
   *
   * @throws IllegalStateException if it cannot be loaded
   */
  static void requireLibrary() {
    NativeLibraries.prepare();
    try {
      LibUtils.checkStatus();
    } catch (EngineException | LinkageError e) {
      throw NativeLibraries.failure("the tokenizers' library", e);
    }
  }

  /** Makes a tokenizer of the content of a {@code tokenizer.json}. */
  static NativeTokenizer open(JsonFile json) throws IOException {
    byte[] content = json.toBytes();
    try (InputStream in = new ByteArrayInputStream(content)) {
      return new NativeTokenizer(
          json.file(),
          HuggingFaceTokenizer.newInstance(in, OPTIONS),
          Sha256.of(content),
          new AtomicInteger(1));
    }
  }

  /** Another handle on the same tokenizer, with a life of its own. */
  NativeTokenizer share() {
    return using(
        open -> {
          handles.incrementAndGet();
          return new NativeTokenizer(file, open, digest, handles);
        });
  }

  /** Whether both were made of the same content. */
  boolean sameContent(NativeTokenizer other) {
    return digest.equals(other.digest);
  }

  /**
   * Tokens of a text.
   *
   * @throws InvalidModelException if the vocabulary has no token for a part of it, nor one that
   *     stands for the unknown
   */
  Encoding encode(String text, boolean addSpecialTokens) {
    return using(
        open -> {
          try {
            return open.encode(text, addSpecialTokens, /* withOverflowingTokens= */ false);
          } catch (RuntimeException e) {
            throw InvalidModelException.in(file, "cannot split a text", e);
          }
        });
  }

  /** The text of tokens, special tokens left out. */
  String decode(long[] tokens) {
    return using(open -> open.decode(tokens, /* skipSpecialTokens= */ true));
  }

  private <T> T using(Function<HuggingFaceTokenizer, T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer of " + file + " is closed");
      }
      return call.apply(tokenizer);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed && handles.decrementAndGet() == 0) {
        tokenizer.close();
      }
      closed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
