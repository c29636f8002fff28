// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a model under the names that the model has for them. Training tools wrap a model
 * in another, whose name then stands in all of them: torch.compile ({@code _orig_mod.}), data
 * parallelism ({@code module.}), FSDP ({@code _fsdp_wrapped_module.}, {@code _fpw_module.}, {@code
 * _checkpoint_wrapped_module.}), Lightning ({@code _forward_module.}, and {@code model.} in front
 * of all), PEFT ({@code base_model.model.}), TRL ({@code pretrained_model.}) and models that see
 * and hear beside it ({@code language_model.}).
 */
public final class Checkpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  /** Those that may also be around a part of the model; no model has such names of its own. */
  private static final String ANYWHERE =
      "(?:_(?:orig_mod|forward_module|fsdp_wrapped_module|fpw_module|checkpoint_wrapped_module)"
          + "|language_model)\\.";

  /** Models have names like these of their own, but not in front of others. */
  private static final String IN_FRONT =
      "module\\.|pretrained_model\\.|base_model\\.model\\."
          + "|model\\.(?=(?:model|transformer|gpt_neox|base_model|lm_head|score)\\.)";

  private static final Pattern WRAPPERS =
      Pattern.compile("^(?:%1$s|%2$s)++|(?<=\\.)%1$s".formatted(ANYWHERE, IN_FRONT));

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

  /** The file that holds a tensor. */
  public Path fileOf(StoredTensor tensor) {
    return file.fileOf(tensor);
  }

  /** The tensors by the model's names; a tensor's own name is that in the file. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** Copies a part of a tensor; see {@link TensorFile#read}. */
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    file.read(tensor, from, target);
  }

  /**
   * Whether both hold the same tensors, in whatever files and order: by the model's names, with
   * their types, shapes and every byte.
   *
   * @throws InvalidModelException if a file cannot be read
   */
  public boolean sameContent(Checkpoint other) {
    return tensors.keySet().equals(other.tensors.keySet())
        && all(other, Checkpoint::sameForm)
        && (isSameFile(other) || all(other, (a, b) -> sameContent(a, other, b)));
  }

  private boolean all(Checkpoint other, BiPredicate<StoredTensor, StoredTensor> rule) {
    return tensors.entrySet().stream()
        .allMatch(tensor -> rule.test(tensor.getValue(), other.tensors.get(tensor.getKey())));
  }

  private boolean isSameFile(Checkpoint other) {
    try {
      return Files.isSameFile(file(), other.file());
    } catch (IOException e) {
      throw InvalidModelException.in(file(), "cannot be compared", e);
    }
  }

  private static boolean sameForm(StoredTensor first, StoredTensor second) {
    return first.type() == second.type() && first.shape().equals(second.shape());
  }

  /** Whether a tensor and one of a file, this or another, are equal: type, shape and every byte. */
  public boolean sameContent(StoredTensor first, Checkpoint other, StoredTensor second) {
    if (!sameForm(first, second)) {
      return false;
    }
    long bytes = first.end() - first.begin();
    ByteBuffer one = ByteBuffer.allocate((int) Math.min(bytes, BUFFER_BYTES));
    ByteBuffer two = ByteBuffer.allocate(one.capacity());
    for (long at = 0; at < bytes; at += one.capacity()) {
      int count = (int) Math.min(one.capacity(), bytes - at);
      read(first, at, one.clear().limit(count));
      other.read(second, at, two.clear().limit(count));
      if (!one.flip().equals(two.flip())) {
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
