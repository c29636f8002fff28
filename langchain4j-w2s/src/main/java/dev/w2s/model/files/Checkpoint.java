// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a model under the names that the model has for them. Training tools wrap a model
 * in another, whose name then stands in all of them: torch.compile ({@code _orig_mod.}), data
 * parallelism ({@code module.}) and PEFT ({@code base_model.model.}).
 */
public final class Checkpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  /** Wrappers stand in front, that of torch.compile also around a part of the model. */
  private static final Pattern WRAPPERS =
      Pattern.compile("^(?:_orig_mod\\.|module\\.|base_model\\.model\\.)+|(?<=\\.)_orig_mod\\.");

  private static final int BUFFER_BYTES = 1 << 20;

  private final TensorFile file;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private Checkpoint(TensorFile file) {
    this.file = file;
    Set<String> wrappers = new TreeSet<>();
    file.tensors().values().forEach(tensor -> add(tensor, wrappers));
    if (!wrappers.isEmpty()) {
      LOG.info("{}: names of tensors are read without {}", file.file(), wrappers);
    }
  }

  private void add(StoredTensor tensor, Set<String> wrappers) {
    WRAPPERS.matcher(tensor.name()).results().map(MatchResult::group).forEach(wrappers::add);
    String name = WRAPPERS.matcher(tensor.name()).replaceAll("");
    StoredTensor other = tensors.put(name, tensor);
    if (other != null) {
      throw InvalidModelException.in(
          file.file(),
          "tensors %s and %s are both %s of the model; one of them must go"
              .formatted(other.name(), tensor.name(), name));
    }
  }

  /**
   * Takes over an opened file.
   *
   * @param file closed with the checkpoint, and at once where its names clash
   * @throws InvalidModelException if two of its tensors are one of the model's
   */
  public static Checkpoint of(TensorFile file) {
    try {
      return new Checkpoint(file);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  public Path file() {
    return file.file();
  }

  /** The tensors by the model's names; a tensor's own name is that in the file. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** Copies a part of a tensor; see {@link TensorFile#read}. */
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    file.read(tensor, from, target);
  }

  /** Whether two tensors are equal: type, shape and every byte. */
  public boolean sameContent(StoredTensor first, StoredTensor second) {
    if (first.type() != second.type() || !first.shape().equals(second.shape())) {
      return false;
    }
    long bytes = first.end() - first.begin();
    ByteBuffer one = ByteBuffer.allocate((int) Math.min(bytes, BUFFER_BYTES));
    ByteBuffer other = ByteBuffer.allocate(one.capacity());
    for (long at = 0; at < bytes; at += one.capacity()) {
      int count = (int) Math.min(one.capacity(), bytes - at);
      file.read(first, at, one.clear().limit(count));
      file.read(second, at, other.clear().limit(count));
      if (!one.flip().equals(other.flip())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    file.close();
  }
}
