// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * What templates may read of a value and call on it: elements of maps and lists, the facts of a
 * loop, and the methods that {@link PythonMethods} has. There is no way to anything else of Java.
 */
final class PythonValues extends ELResolver {
  private static final Pattern LARGE = Pattern.compile("\\d{5}");
  private static final Pattern LARGE_WIDTH = Pattern.compile("%[^a-zA-Z%]*\\d{5}");

  @Override
  public @Nullable Object getValue(ELContext context, Object base, Object property) {
    context.setPropertyResolved(true);
    if (base instanceof Map<?, ?> map) {
      return map.get(property);
    }
    if (base instanceof LoopTag.Loop loop) {
      return ofLoop(loop, property.toString());
    }
    if (base instanceof List<?> list) {
      int at = index(property, list.size());
      return at < 0 ? null : list.get(at);
    }
    if (base instanceof CharSequence characters) {
      String text = characters.toString();
      int at = index(property, (int) PythonMethods.length(text));
      return at < 0 ? null : Character.toString(text.codePointAt(text.offsetByCodePoints(0, at)));
    }
    return null;
  }

  /** A place from 0 on; -1 where there is none. */
  private static int index(Object property, int size) {
    String text = property.toString();
    if (!text.matches("-?\\d{1,9}")) {
      return -1;
    }
    int at = Integer.parseInt(text);
    int place = at < 0 ? at + size : at;
    return place < size ? Math.max(place, -1) : -1;
  }

  private static @Nullable Object ofLoop(LoopTag.Loop loop, String property) {
    return switch (property) {
      case "index" -> loop.getIndex();
      case "index0" -> loop.getIndex0();
      case "revindex" -> loop.getLength() - loop.getIndex0();
      case "revindex0" -> loop.getLength() - loop.getIndex();
      case "first" -> loop.isFirst();
      case "last" -> loop.isLast();
      case "length" -> loop.getLength();
      case "previtem" -> loop.neighbour(-1);
      case "nextitem" -> loop.neighbour(1);
      default -> null;
    };
  }

  @Override
  public @Nullable Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    context.setPropertyResolved(true);
    if (base instanceof Filter filter && method.equals("filter")) {
      return filter(filter, arguments);
    }
    if (base instanceof ExpTest test) {
      return test(test, method.toString(), arguments);
    }
    return PythonMethods.call(base, method.toString(), Arrays.asList(arguments));
  }

  /** Jinjava calls filters in this way: value, interpreter, arguments, named arguments. */
  @SuppressWarnings("unchecked")
  private static Object filter(Filter filter, Object[] arguments) {
    requireSmall(filter.getName(), arguments);
    if (filter.getName().equals("reverse") && arguments[0] instanceof CharSequence text) {
      return new StringBuilder(text).reverse().toString(); // jinjava's cuts characters in halves
    }
    return filter.filter(
        value(filter.getName(), arguments[0]),
        (JinjavaInterpreter) arguments[1],
        (Object[]) arguments[2],
        (Map<String, Object>) arguments[3]);
  }

  /**
   * A value as Jinja2's filter sees it. What is not there has no elements and no characters, where
   * jinjava writes the word null. Filters of lists take a text for the list of its characters.
   */
  private static @Nullable Object value(String filter, @Nullable Object value) {
    return switch (filter) {
      case "string", "trim" -> value == null ? "" : value;
      case "list" -> value == null ? List.of() : elements(value);
      case "first", "last", "join", "map", "select", "reject", "sort", "unique" -> elements(value);
      default -> value;
    };
  }

  private static @Nullable Object elements(@Nullable Object value) {
    return value instanceof CharSequence ? PythonMethods.elements(value) : value;
  }

  /** Jinjava's filters make what they are told to before its limits are looked at. */
  private static void requireSmall(String filter, Object[] arguments) {
    Object[] own = (Object[]) arguments[2];
    boolean large =
        switch (filter) {
          case "format" -> LARGE_WIDTH.matcher(PythonText.of(arguments[0])).find();
          case "indent", "round", "tojson" ->
              LARGE.matcher(Arrays.toString(own) + arguments[3]).find();
          default -> false;
        };
    if (large) {
      throw new TemplateStop("calls %s with more than four digits".formatted(filter));
    }
    if (filter.equals("replace") && own.length > 1) {
      PythonMethods.requireRoom(
          PythonText.of(arguments[0]), PythonText.of(own[0]), PythonText.of(own[1]));
    }
  }

  private static boolean test(ExpTest test, String method, Object[] arguments) {
    JinjavaInterpreter interpreter = (JinjavaInterpreter) arguments[1];
    Object[] rest = Arrays.copyOfRange(arguments, 2, arguments.length);
    return method.equals("evaluateNegated")
        ? test.evaluateNegated(arguments[0], interpreter, rest)
        : test.evaluate(arguments[0], interpreter, rest);
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    throw new UnsupportedOperationException("a template changes no value");
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return Object.class;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }

  @Override
  public java.util.@Nullable Iterator<java.beans.FeatureDescriptor> getFeatureDescriptors(
      ELContext context, Object base) {
    return null;
  }
}
