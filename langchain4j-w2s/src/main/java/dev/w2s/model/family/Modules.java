// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.family.WeightPlan.Part;
import dev.w2s.model.family.WeightPlan.Weight;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The modules of a model that tuning may change one by one, by the names that transformers has for
 * them. Where a name begins with the family's prefix or lacks it, the module is the same.
 */
public final class Modules {
  private static final String WEIGHT = ".weight";

  /** What a module does with its weight. */
  public enum Use {
    /** Multiplies by it, in a layer. */
    PROJECTION,
    /** Looks tokens up in it. */
    EMBEDDING,
    /** Makes logits of hidden states. */
    HEAD
  }

  /**
   * A module.
   *
   * @param use what it does with its weight
   * @param layer number of its layer; -1 outside the layers
   * @param weight what the program calls the weight that it is a part of
   * @param firstRow first row of that weight that is the module's
   * @param rows how many rows are
   * @param weightRows rows of the whole weight
   * @param columns columns of the weight
   */
  public record Module(
      Use use, int layer, String weight, long firstRow, int rows, long weightRows, int columns) {}

  private final String prefix;
  private final Map<String, Module> byName = new LinkedHashMap<>();

  private Modules(String prefix) {
    this.prefix = prefix;
  }

  /**
   * The modules of a model.
   *
   * @param classifierHead name of the module that makes a classifier's logits; null of a language
   *     model, whose family names it
   * @param outputs how many logits it makes
   */
  public static Modules of(
      DecoderConfig config, WeightPlan plan, @Nullable String classifierHead, int outputs) {
    Family.Storage storage = config.family().storage();
    Modules modules = new Modules(storage.prefix());
    String embedding = storage.names(WeightName.TOKEN_EMBEDDING).get(0);
    modules.add(embedding, Use.EMBEDDING, WeightName.TOKEN_EMBEDDING, config, config.vocabulary());
    String head = classifierHead == null ? storage.heads().get(0) : classifierHead;
    modules.add(head, Use.HEAD, WeightName.HEAD, config, outputs);
    for (Weight weight : plan.weights()) {
      if (weight.layer() >= 0 && weight.columns() > 0) {
        modules.addParts(weight);
      }
    }
    return modules;
  }

  private void add(String name, Use use, WeightName weight, DecoderConfig config, int rows) {
    byName.put(name, new Module(use, -1, weight.inProgram(), 0, rows, rows, config.width()));
  }

  private void addParts(Weight weight) {
    long row = 0;
    for (Part part : weight.parts()) {
      String name = part.name().substring(0, part.name().length() - WEIGHT.length());
      byName.put(
          withoutPrefix(name),
          new Module(
              Use.PROJECTION,
              weight.layer(),
              weight.name(),
              row,
              part.rows(),
              weight.rows(),
              weight.columns()));
      row += part.rows();
    }
  }

  private String withoutPrefix(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  /** The module of a name; null where the model has none. */
  public @Nullable Module find(String name) {
    return byName.get(withoutPrefix(name));
  }

  /** All modules by their full names. */
  public Map<String, Module> all() {
    Map<String, Module> all = new LinkedHashMap<>();
    byName.forEach(
        (name, module) -> all.put(module.use() == Use.HEAD ? name : prefix + name, module));
    return all;
  }
}
