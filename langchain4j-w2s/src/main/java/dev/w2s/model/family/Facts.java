// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.family.Family.Fact;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a config says of its family's facts, in types.
 *
 * @param config the object that holds them
 * @param family whose config it is
 */
record Facts(JsonFile config, Family family) {

  private @Nullable Fact fact(Key key) {
    return family.config().facts().get(key);
  }

  private Fact required(Key key) {
    return Objects.requireNonNull(fact(key), key::name);
  }

  /** Whether models of this family have such a fact. */
  boolean has(Key key) {
    return fact(key) != null;
  }

  /** The name of a fact that the config may state. */
  String name(Key key) {
    return Objects.requireNonNull(required(key).key(), key::name);
  }

  /** Whether the config states a fact, be it as null. */
  private boolean stated(Key key) {
    Fact fact = fact(key);
    return fact != null && fact.key() != null && config.json().has(fact.key());
  }

  /** Whether the config states a fact, and not as null. */
  boolean given(Key key) {
    return stated(key) && config.has(name(key));
  }

  /** A whole number from 1, which the config must state where the family has no other. */
  int integer(Key key, int most) {
    return integerFrom(1, key, most);
  }

  /** The same from another number on. */
  int integerFrom(int low, Key key, int most) {
    Fact fact = required(key);
    Integer fallback = (Integer) fact.fallback();
    return fact.key() == null
        ? Objects.requireNonNull(fallback)
        : config.integer(fact.key(), fallback, low, most);
  }

  /** A whole number from 1; {@code otherwise} where neither config nor family state one. */
  int integer(Key key, int otherwise, int most) {
    Fact fact = fact(key);
    boolean silent = fact == null || (fact.fallback() == null && !given(key));
    return silent ? otherwise : integer(key, most);
  }

  /** The same of a fact that null takes away as if nobody had stated it. */
  int nullableInteger(Key key, int otherwise, int most) {
    return stated(key) && !given(key) ? otherwise : integer(key, otherwise, most);
  }

  /** A number above 0; {@code otherwise} where neither config nor family state one. */
  double number(Key key, double otherwise) {
    Fact fact = fact(key);
    if (fact == null) {
      return otherwise;
    }
    double fallback = fact.fallback() == null ? otherwise : (Double) fact.fallback();
    return fact.key() == null ? fallback : config.positive(fact.key(), fallback);
  }

  /** The same of a fact that null takes away as if nobody had stated it. */
  double nullableNumber(Key key, double otherwise) {
    Fact fact = fact(key);
    boolean silent = fact == null || (!given(key) && (stated(key) || fact.fallback() == null));
    return silent ? otherwise : number(key, otherwise);
  }

  boolean flag(Key key, boolean otherwise) {
    Fact fact = fact(key);
    if (fact == null) {
      return otherwise;
    }
    boolean fallback = fact.fallback() == null ? otherwise : (Boolean) fact.fallback();
    return fact.key() == null ? fallback : config.flag(fact.key(), fallback);
  }

  /** A text, for which the family has one too. */
  String text(Key key) {
    String given = config.text(name(key));
    return given == null ? String.valueOf(required(key).fallback()) : given;
  }

  InvalidModelException invalid(Key key, String rule) {
    return config.invalid(name(key), rule);
  }
}
