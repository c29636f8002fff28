// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in several files; what they score is compared with the golden model in one file. */
class ShardedModelTest {
  private static final String NORM = "model.norm.weight";
  private static final String FIRST = ModelDirectory.shard(0, 3);
  private static final String SECOND = ModelDirectory.shard(1, 3);
  private static final String THIRD = ModelDirectory.shard(2, 3);

  /** The score of the model in one file. */
  private static double untouched;

  @TempDir private Path directory;
  private ModelDirectory model;

  @BeforeAll
  static void scoreOneFile() {
    untouched = score(Golden.model("llama-gqa"));
  }

  @BeforeEach
  void copy() {
    model = ModelDirectory.copyOf("llama-gqa", directory.resolve("model")).shard(3);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(model.openFiles()).isEmpty();
  }

  private static double score(CausalModel model) {
    try (model;
        ScoringSession session = model.openScoring(Rendered.raw("This was"))) {
      return session.score(List.of(new Response(" good", true))).get(0).logProbability();
    }
  }

  private void change(String shard, UnaryOperator<Safetensors> change) {
    model.write(shard, change.apply(Safetensors.of(model.read(shard))).toBytes());
  }

  private void place(String tensor, String shard) {
    model.edit(
        ModelDirectory.INDEX, index -> ((ObjectNode) index.get("weight_map")).put(tensor, shard));
  }

  private String shardOf(String tensor) {
    return List.of(FIRST, SECOND, THIRD).stream()
        .filter(shard -> Safetensors.of(model.read(shard)).tensors().containsKey(tensor))
        .findFirst()
        .orElseThrow();
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void theModelIsThatOfOneFile() {
    assertThat(score(model.load())).isEqualTo(untouched);
  }

  @Test
  void oneFileIsTakenWhereBothAreThere() {
    ModelDirectory whole = ModelDirectory.copyOf("llama-gqa", directory.resolve("whole"));
    model.write("model.safetensors", whole.read("model.safetensors"));
    model.write(ModelDirectory.INDEX, "{}");
    assertThat(score(model.load())).isEqualTo(untouched);
  }

  /** Tools count it in different ways, and every file tells its own size. */
  @Test
  void aTotalSizeThatIsWrongDoesNoHarm() {
    model.edit(ModelDirectory.INDEX, index -> index.putObject("metadata").put("total_size", 1));
    assertThat(score(model.load())).isEqualTo(untouched);
  }

  @Test
  void missingFilesAreCountedAndNamed() {
    model.delete(FIRST).delete(THIRD);
    assertRefused(ModelDirectory.INDEX + ": 2 of its 3 files are missing: " + FIRST + ", " + THIRD);
  }

  @Test
  void theFilesBeforeABrokenOneAreClosed() {
    model.write(THIRD, "version https://git-lfs.github.com/spec/v1\n");
    assertRefused(THIRD + ": is a Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.safetensors",
        "/outside.safetensors",
        "sub/inside.safetensors",
        "sub\\inside.safetensors",
        "C:outside.safetensors",
        "..",
        ".safetensors",
        "pytorch_model-00001-of-00002.bin",
        "model\u0000.safetensors",
        ""
      })
  void aFileOutsideOfTheDirectoryIsNotLookedAt(String shard) {
    place(NORM, shard);
    assertRefused(
        ModelDirectory.INDEX + ": weight_map." + NORM + " is",
        "must be the name of a .safetensors file in the same directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'weight_map':{}}", "{'weight_map':null}"})
  void anIndexOfNothingIsRefused(String index) {
    model.write(ModelDirectory.INDEX, index.replace('\'', '"'));
    assertRefused(ModelDirectory.INDEX + ": weight_map is", "must hold a file for every tensor");
  }

  @Test
  void aFileThatIsNoTextIsRefused() {
    model.write(ModelDirectory.INDEX, "{\"weight_map\":{\"" + NORM + "\":7}}");
    assertRefused(ModelDirectory.INDEX + ": weight_map." + NORM + " is 7; it must be a string");
  }

  @Test
  void aTensorStandsWhereTheIndexSays() {
    String other = shardOf(NORM).equals(FIRST) ? SECOND : FIRST;
    place(NORM, other);
    assertRefused(
        "tensor %s should stand in %s, but stands in %s".formatted(NORM, other, shardOf(NORM)));
    place(NORM, shardOf(NORM));
    place("model.extra", SECOND);
    assertRefused("tensor model.extra should stand in " + SECOND + ", but stands in none");
  }

  /** Of two, transformers takes the last; where the index does not say so, nobody knows. */
  @Test
  void ofATensorInTwoFilesTheLastCountsIfTheIndexNamesIt() {
    Tensor right = Safetensors.of(model.read(shardOf(NORM))).tensors().get(NORM);
    change(shardOf(NORM), shard -> shard.without(NORM));
    change(FIRST, shard -> shard.with(NORM, Tensor.zeros(36L)));
    change(THIRD, shard -> shard.with(NORM, right));
    place(NORM, THIRD);
    assertThat(score(model.load())).isEqualTo(untouched);
    place(NORM, FIRST);
    assertRefused(
        "tensor " + NORM + " stands in " + FIRST + " and in " + THIRD + "; one of them must go");
  }

  /** Like transformers, which reads all that the files hold. */
  @Test
  void aTensorThatTheIndexDoesNotNameCountsAllTheSame() {
    model.edit(ModelDirectory.INDEX, index -> ((ObjectNode) index.get("weight_map")).remove(NORM));
    assertThat(score(model.load())).isEqualTo(untouched);
    change(SECOND, shard -> shard.with("v_head.weight", Tensor.zeros(4L)));
    assertThat(score(model.load())).isEqualTo(untouched);
    change(SECOND, shard -> shard.with("model.extra", Tensor.zeros(4L)));
    assertRefused(ModelDirectory.INDEX + ": holds tensors that a llama model", "model.extra");
  }

  @Test
  void whatIsWrongWithATensorIsToldOfItsFile() {
    String shard = shardOf(NORM);
    byte[] right = model.read(shard);
    change(shard, weights -> weights.change(NORM, t -> t.with(3, Float.NaN)));
    assertRefused(shard + ": tensor " + NORM + " holds a value that is not finite");
    change(shard, weights -> weights.with(NORM, Tensor.zeros(2L)));
    assertRefused(shard + ": tensor " + NORM + " has shape [2]");
    model.write(shard, right);
    change(shard, weights -> weights.with(NORM, new Tensor("I64", List.of(36L), new byte[288])));
    assertRefused(shard + ": tensor " + NORM + " is of type I64");
  }

  /** As the cache of a hub keeps a model: every file is a link to what its content is called. */
  @Test
  void aSnapshotOfLinksIsAModel() throws IOException {
    Path snapshot = linked();
    assertThat(score(CausalModel.load(snapshot.toString(), Golden.CPU_FLOAT32)))
        .isEqualTo(untouched);
  }

  @Test
  void aLinkThatLeadsNowhereIsNamedWithItsTarget() throws IOException {
    Path snapshot = linked();
    assertLost(SECOND, snapshot);
    assertLost(ModelDirectory.INDEX, snapshot);
  }

  private void assertLost(String name, Path snapshot) throws IOException {
    Path target = Files.readSymbolicLink(snapshot.resolve(name));
    Files.delete(snapshot.resolve(target));
    assertThatThrownBy(() -> CausalModel.load(snapshot.toString(), Golden.CPU_FLOAT32))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(
            "%s: is a link to %s, which leads nowhere".formatted(snapshot.resolve(name), target));
  }

  private Path linked() throws IOException {
    Path blobs = Files.createDirectories(directory.resolve("cache/blobs"));
    Path snapshot = Files.createDirectories(directory.resolve("cache/snapshots/0123abcd"));
    try (var files = Files.list(model.path())) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        String blob = "blob-of-" + name.replace('.', '-');
        Files.copy(file, blobs.resolve(blob));
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", blob));
      }
    }
    return snapshot;
  }
}
