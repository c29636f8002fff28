// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings, lists and dicts that chat templates call. */
final class PythonMethods {
  private static final Pattern LINE_END =
      Pattern.compile("\\r\\n|[\\n\\x0B\\f\\r\\x1C-\\x1E\\x85\\u2028\\u2029]");

  private PythonMethods() {}

  /**
   * Calls a method.
   *
   * @throws TemplateStop if the value has none of that name
   */
  static @Nullable Object call(@Nullable Object base, String method, List<Object> arguments) {
    Object value = null;
    if (base instanceof CharSequence text) {
      value = ofText(text.toString(), method, arguments);
    } else if (base instanceof Map<?, ?> map) {
      return ofMap(map, method, arguments);
    } else if (base instanceof List<?> list) {
      value = ofList(list, method, arguments);
    }
    if (value == null) {
      throw unknown(base, method);
    }
    return value;
  }

  private static TemplateStop unknown(@Nullable Object base, String method) {
    String type =
        base instanceof CharSequence
            ? "a text"
            : base instanceof Map<?, ?> ? "a map" : base instanceof List<?> ? "a list" : "that";
    return new TemplateStop(
        "calls %s, which %s does not have, or not with these arguments".formatted(method, type));
  }

  private static @Nullable Object ofText(String text, String method, List<Object> arguments) {
    String first = arguments.isEmpty() ? null : PythonText.of(arguments.get(0));
    return switch (method) {
      case "strip" -> stripEnd(stripStart(text, first), first);
      case "lstrip" -> stripStart(text, first);
      case "rstrip" -> stripEnd(text, first);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" -> capitalize(text);
      case "splitlines" -> lines(text);
      case "split" -> split(text, first, limit(arguments));
      case "slice" -> Slice.of(text, arguments);
      case "isdigit" -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
      default -> first == null ? null : ofTextWith(text, method, first, arguments);
    };
  }

  private static @Nullable Object ofTextWith(
      String text, String method, String argument, List<Object> arguments) {
    return switch (method) {
      case "startswith" -> any(arguments.get(0), text::startsWith);
      case "endswith" -> any(arguments.get(0), text::endsWith);
      case "replace" ->
          arguments.size() < 2 ? null : replace(text, argument, PythonText.of(arguments.get(1)));
      case "join" -> join(text, arguments.get(0));
      case "find" -> place(text, text.indexOf(argument));
      case "rfind" -> place(text, text.lastIndexOf(argument));
      case "count" -> count(text, argument);
      case "removeprefix" -> text.startsWith(argument) ? text.substring(argument.length()) : text;
      case "removesuffix" ->
          text.endsWith(argument) ? text.substring(0, text.length() - argument.length()) : text;
      default -> null;
    };
  }

  /** Characters, not halves of them. */
  static long length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static long place(String text, int index) {
    return index < 0 ? index : text.codePointCount(0, index);
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(List.of(LINE_END.split(text, -1)));
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }

  private static boolean any(Object wanted, java.util.function.Predicate<String> test) {
    return wanted instanceof Collection<?> several
        ? several.stream().map(PythonText::of).anyMatch(test)
        : test.test(PythonText.of(wanted));
  }

  private static String replace(String text, String part, String by) {
    requireRoom(text, part, by);
    return part.isEmpty()
        ? text.codePoints()
            .mapToObj(c -> Character.toString(c) + by)
            .collect(Collectors.joining("", by, ""))
        : text.replace(part, by);
  }

  private static long count(String text, String part) {
    return part.isEmpty()
        ? length(text) + 1L
        : (text.length() - text.replace(part, "").length()) / (long) part.length();
  }

  /** Refuses a replacement whose result would be too long, before it is made. */
  static void requireRoom(String text, String part, String by) {
    requireRoom(text.length() + count(text, part) * (by.length() - part.length()));
  }

  private static void requireRoom(long length) {
    if (length > TemplateEngine.MAX_OUTPUT) {
      throw new TemplateStop(
          "makes a text of %d characters; it must have at most %d"
              .formatted(length, TemplateEngine.MAX_OUTPUT));
    }
  }

  private static @Nullable Object join(String separator, Object parts) {
    Collection<?> list = elements(parts);
    if (list == null) {
      return null;
    }
    List<String> texts = list.stream().map(PythonText::of).toList();
    requireRoom(
        (long) separator.length() * Math.max(0, texts.size() - 1)
            + texts.stream().mapToLong(String::length).sum());
    return String.join(separator, texts);
  }

  /**
   * What Python goes through one by one: of a text its characters, of a map its keys.
   *
   * @return null for what has no elements
   */
  static @Nullable Collection<?> elements(@Nullable Object value) {
    if (value instanceof CharSequence text) {
      if (text.length() > BoundedInterpreter.MAX_STEPS) {
        throw new TemplateStop(
            "goes through a text of %d characters; it must have at most %d"
                .formatted(text.length(), BoundedInterpreter.MAX_STEPS));
      }
      return text.codePoints().mapToObj(Character::toString).toList();
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    return value instanceof Collection<?> list ? list : null;
  }

  private static String stripStart(String text, @Nullable String characters) {
    int from = 0;
    while (from < text.length() && strips(text.codePointAt(from), characters)) {
      from = text.offsetByCodePoints(from, 1);
    }
    return text.substring(from);
  }

  private static String stripEnd(String text, @Nullable String characters) {
    int to = text.length();
    while (to > 0 && strips(text.codePointBefore(to), characters)) {
      to = text.offsetByCodePoints(to, -1);
    }
    return text.substring(0, to);
  }

  private static boolean strips(int c, @Nullable String characters) {
    return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
  }

  /** As Python's {@code isspace}: no-break spaces, too. */
  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private static int limit(List<Object> arguments) {
    return arguments.size() > 1 && arguments.get(1) instanceof Number number
        ? number.intValue()
        : -1;
  }

  private static List<Object> split(String text, @Nullable String separator, int limit) {
    if (separator == null || separator.isEmpty()) {
      return splitAtSpaces(text, limit);
    }
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && (limit < 0 || parts.size() < limit)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
      at = text.indexOf(separator, from);
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** The rest behind the last split keeps the spaces at its end. */
  private static List<Object> splitAtSpaces(String text, int limit) {
    List<Object> parts = new ArrayList<>();
    int at = next(text, 0, /* space= */ false);
    while (at < text.length() && (limit < 0 || parts.size() < limit)) {
      int end = next(text, at, /* space= */ true);
      parts.add(text.substring(at, end));
      at = next(text, end, /* space= */ false);
    }
    if (at < text.length()) {
      parts.add(text.substring(at));
    }
    return parts;
  }

  /** The first place of a space, or of what is none; the text's end where there is none. */
  private static int next(String text, int from, boolean space) {
    int at = from;
    while (at < text.length() && isSpace(text.charAt(at)) != space) {
      at++;
    }
    return at;
  }

  /** The first character as it begins a word, the others small. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int second = text.offsetByCodePoints(0, 1);
    return beginning(text.codePointAt(0)) + text.substring(second).toLowerCase(Locale.ROOT);
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean within = false;
    for (int c : text.codePoints().toArray()) {
      title.append(within ? Character.toString(Character.toLowerCase(c)) : beginning(c));
      within = isCased(c);
    }
    return title.toString();
  }

  /** A character as it begins a word; some become several letters, of which one is capital. */
  private static String beginning(int c) {
    String capital = Character.toString(c).toUpperCase(Locale.ROOT);
    int second = capital.offsetByCodePoints(0, 1);
    return second == capital.length()
        ? Character.toString(Character.toTitleCase(c))
        : capital.substring(0, second) + capital.substring(second).toLowerCase(Locale.ROOT);
  }

  /** A letter of a script that knows small and capital ones. */
  private static boolean isCased(int c) {
    return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
  }

  private static @Nullable Object ofMap(Map<?, ?> map, String method, List<Object> arguments) {
    return switch (method) {
      case "get" -> {
        String key = arguments.isEmpty() ? "" : PythonText.of(arguments.get(0));
        yield arguments.size() < 2 || map.containsKey(key) ? map.get(key) : arguments.get(1);
      }
      case "items" ->
          map.entrySet().stream()
              .map(entry -> java.util.Arrays.asList(entry.getKey(), entry.getValue()))
              .toList();
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<Object>(map.values());
      case "copy" -> new LinkedHashMap<Object, Object>(map);
      default -> throw unknown(map, method);
    };
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Object ofList(List<?> list, String method, List<Object> arguments) {
    return switch (method) {
      case "slice" -> Slice.of(list, arguments);
      case "index" -> arguments.isEmpty() ? null : (long) list.indexOf(arguments.get(0));
      case "count" ->
          arguments.isEmpty() ? null : list.stream().filter(arguments.get(0)::equals).count();
      case "append" -> {
        // Jinja2's sandbox of transformers has lists of its own changed by nobody.
        throw new TemplateStop("changes a list, which a chat template must not");
      }
      default -> null;
    };
  }
}
