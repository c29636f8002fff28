// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import dev.w2s.model.files.ShardIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How much of a repository is wanted, and which of its files that is. */
public enum Part {
  /** What kind of model it is. */
  CONFIG,

  /** What a text is to the model. */
  TOKENIZER,

  /** All that a model is loaded from. */
  WHOLE;

  private static final Pattern TEMPLATE =
      Pattern.compile("additional_chat_templates/[\\w-][\\w.-]*\\.jinja");
  private static final Pattern OTHER_WEIGHTS =
      Pattern.compile("[^/]+\\.(?:bin|pt|pth|ckpt|h5|msgpack|onnx|gguf)");

  private List<String> known() {
    return this == CONFIG ? Names.KIND : Names.SMALL;
  }

  /** The files beside the weights that a repository has of this part. */
  List<String> small(Collection<String> listed) {
    Stream<String> templates =
        this == CONFIG
            ? Stream.empty()
            : new TreeSet<>(listed).stream().filter(name -> TEMPLATE.matcher(name).matches());
    Stream<String> known = known().stream().filter(listed::contains);
    return Stream.concat(known, templates).distinct().toList();
  }

  /** The files that a repository may or may not have; what is known of them is remembered. */
  List<String> optional() {
    List<String> names = new ArrayList<>(known());
    if (this == WHOLE) {
      names.add(Names.ADAPTER_WEIGHTS);
    }
    return names;
  }

  /**
   * Why the files of a repository do not make up this part; null where they do. The shards that an
   * index names are not looked for.
   */
  @Nullable String problem(Collection<String> listed) {
    if (this == CONFIG) {
      return small(listed).isEmpty() ? "no " + Names.CONFIG : null;
    }
    if (this == WHOLE && listed.contains(Names.ADAPTER_WEIGHTS)) {
      return listed.contains(Names.ADAPTER_CONFIG) ? null : "no " + Names.ADAPTER_CONFIG;
    }
    if (this == WHOLE && !listed.contains(Names.WEIGHTS) && !listed.contains(ShardIndex.NAME)) {
      return noWeights(listed);
    }
    if (this == WHOLE && !listed.contains(Names.CONFIG)) {
      return "no " + Names.CONFIG;
    }
    return listed.contains(Names.TOKENIZER) ? null : "no " + Names.TOKENIZER;
  }

  private static String noWeights(Collection<String> listed) {
    List<String> others =
        listed.stream().filter(name -> OTHER_WEIGHTS.matcher(name).matches()).sorted().toList();
    String none = "no " + Names.WEIGHTS + " (nor " + ShardIndex.NAME + ")";
    return others.isEmpty()
        ? none
        : none
            + ", only "
            + others.get(0)
            + (others.size() > 1 ? " and the like" : "")
            + ", which is not read: weights must be safetensors. A pull request of the repository"
            + " may hold them converted, as revision refs/pr/NUMBER";
  }

  /** Names of files. */
  static final class Names {
    static final String CONFIG = "config.json";
    static final String ADAPTER_CONFIG = "adapter_config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String WEIGHTS = "model.safetensors";
    static final String ADAPTER_WEIGHTS = "adapter_model.safetensors";

    private static final List<String> KIND = List.of(CONFIG, ADAPTER_CONFIG);

    private static final List<String> SMALL =
        List.of(
            CONFIG,
            ADAPTER_CONFIG,
            "generation_config.json",
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "additional_chat_templates/default.jinja");

    private Names() {}
  }
}
