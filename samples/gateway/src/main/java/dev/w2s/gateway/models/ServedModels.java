// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.settings.NamedModel;
import dev.w2s.gateway.settings.SettingException;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.Guard;
import dev.w2s.search.guard.TrustRegion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All names that clients may ask for: the large model's own, that name with any of the guides
 * behind it ({@code base+kind}, {@code base+kind+short}), and those that are configured.
 */
public final class ServedModels {
  private final String base;
  private final Map<String, WeightedGuide> guides = new LinkedHashMap<>();
  private final Map<String, ServedModel> listed = new LinkedHashMap<>();

  /**
   * @param base what the large model is called
   * @param guides all there are
   * @param configured names, each with guides of its own
   * @throws SettingException if a configured name has a guide that is not there
   */
  public ServedModels(String base, List<WeightedGuide> guides, Map<String, NamedModel> configured) {
    this.base = base;
    list(ServedModel.of(base, Map.of()));
    for (WeightedGuide guide : guides) {
      this.guides.put(guide.name(), guide);
      list(ServedModel.of(base + "+" + guide.name(), Map.of(guide.name(), guide.weight())));
    }
    configured.forEach((name, model) -> list(of(name, model)));
  }

  private void list(ServedModel model) {
    listed.put(model.name(), model);
  }

  private ServedModel of(String name, NamedModel model) {
    for (String guide : model.guides().keySet()) {
      if (!guides.containsKey(guide)) {
        throw new SettingException(
            "gateway.models[%s].guides[%s]".formatted(name, guide),
            "there is no guide of this name; there is %s. Guides are set under langchain4j.w2s.pairs and langchain4j.w2s.rewards"
                .formatted(guides.keySet()));
      }
    }
    Boolean guarded = model.guard();
    Guard guard = guarded == null ? null : guarded ? TrustRegion.defaults() : Guard.none();
    return new ServedModel(
        name,
        Map.copyOf(model.guides()),
        model.beamWidth(),
        model.successors(),
        model.chunkLength(),
        guard);
  }

  /** Those that are listed, the large model's own name first. */
  public List<ServedModel> all() {
    return List.copyOf(listed.values());
  }

  /** So that clients who combine guides in ever other ways do not make meters without end. */
  String meterName(ServedModel model) {
    return listed.containsKey(model.name()) ? model.name() : "others";
  }

  /**
   * The model of a name.
   *
   * @throws ApiException if there is none
   */
  public ServedModel get(String name) {
    ServedModel model = listed.get(name);
    if (model != null) {
      return model;
    }
    Map<String, Double> weights = combined(name);
    if (weights.isEmpty()) {
      throw ApiException.notFound(
          "model",
          "model_not_found",
          "The model '%s' does not exist; there is %s".formatted(name, listed.keySet()));
    }
    return ServedModel.of(name, weights);
  }

  /** The guides behind the large model's name; none where one of them is not there. */
  private Map<String, Double> combined(String name) {
    if (!name.startsWith(base + "+")) {
      return Map.of();
    }
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String guide : name.substring(base.length() + 1).split("\\+", -1)) {
      WeightedGuide known = guides.get(guide);
      if (known == null || weights.put(guide, known.weight()) != null) {
        return Map.of();
      }
    }
    return weights;
  }

  /**
   * Guides by name, with weights.
   *
   * @throws ApiException if one is not there, or its weight is zero
   */
  public List<WeightedGuide> weighted(Map<String, Double> weights) {
    return weights.entrySet().stream().map(this::weighted).toList();
  }

  private WeightedGuide weighted(Map.Entry<String, Double> wanted) {
    WeightedGuide guide = guides.get(wanted.getKey());
    if (guide == null) {
      throw ApiException.invalid(
          "w2s.weights",
          "There is no guide '%s'; there is %s".formatted(wanted.getKey(), guides.keySet()));
    }
    return new WeightedGuide(guide.name(), guide.guide(), wanted.getValue());
  }
}
