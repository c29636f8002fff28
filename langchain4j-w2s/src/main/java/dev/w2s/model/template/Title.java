// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Jinja2's {@code title}, whose words begin elsewhere than those of Python's method. */
final class Title extends PythonFilter {
  private static final Pattern WORD =
      Pattern.compile("[^-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

  Title() {
    super("title");
  }

  @Override
  Object apply(@Nullable Object value, Map<String, Object> arguments) {
    return WORD.matcher(PythonText.of(value))
        .replaceAll(word -> Matcher.quoteReplacement(capital(word.group())));
  }

  private static String capital(String word) {
    int second = word.offsetByCodePoints(0, 1);
    return word.substring(0, second).toUpperCase(Locale.ROOT)
        + word.substring(second).toLowerCase(Locale.ROOT);
  }
}
