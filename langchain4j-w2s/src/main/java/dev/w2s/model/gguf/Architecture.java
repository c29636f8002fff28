// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.InvalidModelException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The facts of an architecture of GGUF files: what its tensors are called in the model they were
 * made of, how they were changed on the way, and what its config says.
 *
 * @param name {@code general.architecture}
 * @param names of tensors, without {@code .weight} and {@code .bias}
 * @param layout how matrices lie in the file
 * @param normShift added to the weights of norms to undo what the converter did
 * @param config writes what is special to the model's config
 */
record Architecture(
    String name, Names names, Layout layout, float normShift, Consumer<ConfigWriter> config) {
  private static final Pattern TENSOR =
      Pattern.compile(
          "(?:blk\\.(?<layer>0|[1-9]\\d{0,8})\\.)?(?<name>\\w+)\\.(?<kind>weight|bias)");

  /** Frequencies, which the config says. */
  private static final Pattern NEEDLESS =
      Pattern.compile(
          "(rope_freqs|rope_factors_long|rope_factors_short|blk\\.\\d+\\.attn_rot_embd)\\.weight");

  /** How matrices lie in the file. */
  enum Layout {
    /** As in the model. */
    SAME,
    /** Rows of queries and keys are ordered for interleaved rotary positions. */
    ROTARY_PAIRS,
    /** Queries, keys and values one after the other, not head by head. */
    PARTS,
    /** Output-first, where the model has them input-first. */
    TRANSPOSED
  }

  /**
   * What tensors are called.
   *
   * @param layers in front of a layer's number
   * @param whole outside of the layers, by the names in the file
   * @param layer in a layer, by the names in the file
   */
  record Names(String layers, Map<String, String> whole, Map<String, String> layer) {

    Names {
      whole = Map.copyOf(whole);
      layer = Map.copyOf(layer);
    }

    /** The same but for some names in a layer, given by turns with what they are in the model. */
    Names withLayer(String... changes) {
      Map<String, String> changed = new HashMap<>(layer);
      for (int i = 0; i < changes.length; i += 2) {
        changed.put(changes[i], changes[i + 1]);
      }
      return new Names(layers, whole, changed);
    }

    /** The same without some names in a layer. */
    Names withoutLayer(String... absent) {
      Map<String, String> changed = new HashMap<>(layer);
      for (String name : absent) {
        changed.remove(name);
      }
      return new Names(layers, whole, changed);
    }
  }

  /**
   * The tensors of the model.
   *
   * @throws InvalidModelException if the file has one that such a model does not have
   */
  Map<String, Picture> pictures(GgufHeader header) {
    Map<String, Picture> pictures = new LinkedHashMap<>();
    for (GgufTensor tensor : header.tensors().values()) {
      if (!NEEDLESS.matcher(tensor.name()).matches()) {
        Picture picture = picture(header.metadata(), tensor);
        pictures.put(picture.tensor().name(), picture);
      }
    }
    return pictures;
  }

  private Picture picture(GgufMetadata metadata, GgufTensor tensor) {
    Matcher matcher = TENSOR.matcher(tensor.name());
    String own = matcher.matches() ? own(matcher) : null;
    if (own == null) {
      throw InvalidModelException.in(
          metadata.file(),
          "tensor %s is none of a model of architecture %s".formatted(tensor.name(), name));
    }
    boolean matrix = tensor.shape().size() == 2;
    boolean norm = matcher.group("name").endsWith("_norm");
    return Picture.of(
        own,
        tensor,
        order(metadata, tensor, matcher.group("name")),
        layout == Layout.TRANSPOSED && matrix && matcher.group("layer") != null,
        norm ? normShift : 0);
  }

  private @Nullable String own(Matcher tensor) {
    String layer = tensor.group("layer");
    Map<String, String> known = layer == null ? names.whole() : names.layer();
    String own = known.get(tensor.group("name"));
    if (own == null) {
      return null;
    }
    String prefix = layer == null ? "" : names.layers() + Integer.valueOf(layer) + ".";
    return prefix + own + "." + tensor.group("kind");
  }

  private RowOrder order(GgufMetadata metadata, GgufTensor tensor, String kind) {
    boolean queries = kind.equals("attn_q");
    if (layout == Layout.ROTARY_PAIRS && (queries || kind.equals("attn_k"))) {
      Hyperparameters parameters = new Hyperparameters(metadata, name);
      int heads = queries ? parameters.heads() : parameters.kvHeads();
      return RowOrder.rotaryPairs(headDim(metadata, tensor, heads, 2));
    }
    if (layout == Layout.PARTS && kind.equals("attn_qkv")) {
      int heads = new Hyperparameters(metadata, name).heads();
      return RowOrder.headByHead(heads, headDim(metadata, tensor, 3 * heads, 1));
    }
    return RowOrder.AS_STORED;
  }

  private static int headDim(GgufMetadata metadata, GgufTensor tensor, int heads, int multiple) {
    long rows = tensor.shape().get(0);
    if (rows == 0 || rows % ((long) heads * multiple) != 0 || rows / heads > Integer.MAX_VALUE) {
      throw InvalidModelException.in(
          metadata.file(),
          "tensor %s has %d rows; they must be a multiple of %d for the %d heads"
              .formatted(tensor.name(), rows, (long) heads * multiple, heads));
    }
    return (int) (rows / heads);
  }
}
