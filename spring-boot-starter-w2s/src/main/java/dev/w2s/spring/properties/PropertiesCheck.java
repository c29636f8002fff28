// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import dev.w2s.model.ModelReference;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.Placement;
import dev.w2s.model.WeightType;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.server.ModelAddress;
import dev.w2s.spring.properties.InvalidPropertiesException.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Finds all that is wrong with properties while the application starts. Models are looked for, and
 * their {@code config.json} is read; their weights are not, and no native library is loaded.
 */
final class PropertiesCheck {
  private static final String MISSING = "must be given";
  private static final String NEEDS_SERVER = "has no meaning without a model behind a server";

  private final W2sProperties properties;
  private final List<Fault> faults = new ArrayList<>();

  PropertiesCheck(W2sProperties properties) {
    this.properties = properties;
  }

  List<Fault> faults() {
    properties.pairs().forEach((name, pair) -> pair(named("pairs", name) + ".", pair));
    properties.rewards().forEach(this::reward);
    properties.local().forEach((name, local) -> local(named("local", name) + ".", local));
    search(properties.search());
    if (properties.loading().timeout().isNegative() || properties.loading().timeout().isZero()) {
      reject("loading.timeout", "must be positive");
    }
    return faults;
  }

  /** As a configuration has it: {@code pairs.kind}, and {@code pairs[my.kind]} where it has to. */
  private static String named(String kind, String name) {
    boolean plain = ConfigurationPropertyName.isValid(name) && name.indexOf('.') < 0;
    return plain ? kind + "." + name : kind + "[" + name + "]";
  }

  private void pair(String at, PairProperties pair) {
    weight(at, pair.weight());
    placement(at, pair.device(), pair.dtype());
    model(at + "tuned", pair.tuned(), Kind.LANGUAGE_MODEL);
    if (pair.untuned() != null) {
      model(at + "untuned", pair.untuned(), Kind.LANGUAGE_MODEL);
    } else if (pair.tunedOptions().equals(pair.untunedOptions())) {
      reject(
          at + "untuned",
          "must be given; it may be left out only where tuned-system and untuned-system, or the two"
              + " templates, differ");
    }
    template(at + "tunedTemplate", pair.tunedTemplate());
    template(at + "untunedTemplate", pair.untunedTemplate());
    if (pair.isRemote() && pair.tokenizer() == null) {
      reject(at + "tokenizer", "must be given with a model of the pair behind a server");
    } else if (!pair.isRemote() && pair.tokenizer() != null) {
      reject(at + "tokenizer", NEEDS_SERVER);
    } else if (pair.tokenizer() != null) {
      tokenizer(at + "tokenizer", pair.tokenizer());
    }
    if (!pair.isRemote() && pair.apiKey() != null) {
      reject(at + "apiKey", NEEDS_SERVER);
    }
  }

  private void reward(String name, RewardProperties reward) {
    String at = named("rewards", name) + ".";
    if (properties.pairs().containsKey(name)) {
      reject(named("rewards", name), "has the name of a pair; the names of guides must differ");
    }
    weight(at, reward.weight());
    placement(at, reward.device(), reward.dtype());
    model(at + "model", reward.model(), Kind.CLASSIFIER);
    if (reward.isRemote()) {
      check(at + "label", reward::labelIndex);
      check(at + "input", reward::readsPrompt);
    } else if (reward.apiKey() != null) {
      reject(at + "apiKey", NEEDS_SERVER);
    }
  }

  private void local(String at, LocalProperties local) {
    placement(at, local.device(), local.dtype());
    if (local.model() != null && ModelAddress.isOne(local.model())) {
      reject(
          at + "model", "is behind a server; it must be embedded:NAME, hf:ORG/NAME or a directory");
    } else {
      model(at + "model", local.model(), Kind.LANGUAGE_MODEL);
    }
    if (local.as().isEmpty()) {
      reject(at + "as", "must name at least one kind of model");
    }
    positive(at + "maxTokens", local.maxTokens());
    checkAll(at, local::sampling);
  }

  private void search(SearchProperties search) {
    boolean beam =
        search.beamWidth() != null || search.successors() != null || search.chunkLength() != null;
    if (search.bestOf() != null && beam) {
      reject("search.bestOf", "has no meaning beside beam-width, successors or chunk-length");
    } else if (search.bestOf() != null && search.bestOf() < 1) {
      reject("search.bestOf", "must be at least 1");
    } else {
      checkAll("search.", search::beam);
    }
    positive("search.maxTokens", search.maxTokens());
    positive("search.concurrency", search.concurrency());
    template("search.promptTemplate", search.promptTemplate());
    checkAll("search.budget.", search::costs);
    if (search.guard().divergence() != null && !search.guard().enabled()) {
      reject("search.guard.divergence", "has no meaning without search.guard.enabled=true");
    } else {
      checkAll("search.guard.", search::choice);
    }
  }

  private void model(String at, @Nullable String reference, Kind needed) {
    if (reference == null) {
      reject(at, MISSING);
    } else if (ModelAddress.isOne(reference)) {
      check(at, () -> ModelAddress.parse(reference));
    } else {
      check(
          at,
          () -> {
            Kind kind = Kind.of(reference);
            if (kind != needed) {
              throw new InvalidModelException(
                  "is a %s; a %s is needed here".formatted(kind, needed));
            }
          });
    }
  }

  private void tokenizer(String at, String reference) {
    check(
        at,
        () -> {
          Path model = ModelReference.parse(reference).resolveTokenizer();
          boolean file = Files.isRegularFile(model); // a GGUF file has its tokenizer inside
          if (!file && !Files.isRegularFile(model.resolve("tokenizer.json"))) {
            throw new InvalidModelException("has no tokenizer.json");
          }
        });
  }

  private void weight(String at, double weight) {
    if (weight == 0 || !Double.isFinite(weight)) {
      reject(at + "weight", "must be finite and not zero");
    }
  }

  private void placement(String at, String device, String type) {
    check(at + "device", () -> new Placement(device, WeightType.AUTO));
    check(at + "dtype", () -> WeightType.parse(type));
  }

  private void template(String at, @Nullable String template) {
    if (template != null) {
      check(at, () -> PromptFormat.template(template));
    }
  }

  private void positive(String at, @Nullable Integer value) {
    if (value != null && value < 1) {
      reject(at, "must be at least 1");
    }
  }

  /** What the library says of one property. */
  private void check(String at, Runnable rule) {
    try {
      rule.run();
    } catch (IllegalArgumentException | InvalidModelException e) {
      reject(at, String.valueOf(e.getMessage()));
    }
  }

  /** What the library says of several, whose messages begin with the name of the one. */
  private void checkAll(String at, Runnable rule) {
    try {
      rule.run();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      reject(at + message.substring(0, message.indexOf(' ')), message);
    }
  }

  private void reject(String at, String reason) {
    String name = W2sProperties.PREFIX + "." + DataObjectPropertyName.toDashedForm(at);
    faults.add(new Fault(name, reason));
  }
}
