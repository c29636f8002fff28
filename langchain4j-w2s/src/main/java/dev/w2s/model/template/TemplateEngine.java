// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorType;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Jinjava as chat templates need it: whitespace, loops, values and methods as in Python's Jinja2;
 * all else that jinjava has is switched off.
 */
final class TemplateEngine {
  /** Most characters of a rendered conversation, and of any string on the way. */
  static final int MAX_OUTPUT = 1 << 22;

  private static final int MAX_ELEMENTS = 1 << 16;
  private static final int MAX_DEPTH = 20;
  private static final String TOO_LARGE =
      "its tags or operators are nested too deep, or its texts are too long";

  private static final Jinjava JINJAVA = create();

  private TemplateEngine() {}

  private static Jinjava create() {
    Context all = new Jinjava().getGlobalContext();
    Map<Library, Set<String>> disabled =
        Map.of(
            Library.TAG, others(all.getAllTags(), Allowed.TAGS),
            Library.FILTER, others(all.getAllFilters(), Allowed.FILTERS),
            Library.FUNCTION, others(all.getAllFunctions(), Allowed.FUNCTIONS));
    Jinjava jinjava = new PythonSyntax(config(disabled));
    jinjava.registerTag(new LoopTag());
    jinjava.registerTag(new ConditionTag());
    jinjava.registerTag(new GenerationTag());
    jinjava.registerFilter(new ToJson());
    jinjava.registerFilter(new Indent());
    jinjava.registerFilter(new Default("default"));
    jinjava.registerFilter(new Default("d"));
    jinjava.registerFilter(new Length("length"));
    jinjava.registerFilter(new Length("count"));
    jinjava.registerFilter(new Capitalize());
    jinjava.registerFilter(new Title());
    jinjava.registerExpTest(new IterableTest());
    jinjava.registerFunction(
        new ELFunctionDefinition(
            "", "raise_exception", Functions.class, "raiseException", Object.class));
    jinjava.registerFunction(
        new ELFunctionDefinition("", "strftime_now", Functions.class, "strftimeNow", String.class));
    return jinjava;
  }

  private static Set<String> others(Collection<? extends Importable> all, Set<String> allowed) {
    return all.stream()
        .map(Importable::getName)
        .filter(name -> !allowed.contains(name) && !name.startsWith("end"))
        .collect(Collectors.toSet());
  }

  private static JinjavaConfig config(Map<Library, Set<String>> disabled) {
    return JinjavaConfig.newBuilder()
        // Else what users say would be read as a template itself.
        .withNestedInterpretationEnabled(false)
        .withDisabled(disabled)
        .withElResolver(new PythonValues())
        .withInterperterFactory(new BoundedInterpreter.Factory())
        .withMaxOutputSize(MAX_OUTPUT)
        .withMaxStringLength(MAX_OUTPUT)
        .withMaxListSize(MAX_ELEMENTS)
        .withMaxMapSize(MAX_ELEMENTS)
        .withRangeLimit(BoundedInterpreter.MAX_STEPS + 1)
        .withMaxRenderDepth(MAX_DEPTH)
        .withEnableRecursiveMacroCalls(true)
        .withMaxMacroRecursionDepth(MAX_DEPTH)
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withIterateOverMapKeys(true)
                .withEvaluateMapKeys(true)
                .withUsePyishObjectMapper(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .build())
        .build();
  }

  /**
   * Reads a template without rendering it.
   *
   * @throws IllegalArgumentException if it is no Jinja, or uses what is switched off
   */
  static void check(String source, String origin) {
    JinjavaConfig config = JINJAVA.getGlobalConfig();
    Context context = new Context(JINJAVA.getGlobalContextCopy(), Map.of(), config.getDisabled());
    JinjavaInterpreter interpreter = new JinjavaInterpreter(JINJAVA, context, config);
    try {
      interpreter.parse(SourceText.prepare(source));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(origin + " is no chat template: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException(origin + " is no chat template: " + TOO_LARGE, e);
    }
    requireNone(interpreter.getErrors(), origin + " is no chat template");
  }

  /**
   * Renders a template.
   *
   * @throws IllegalArgumentException if it fails, with the template's own message where it raises
   */
  static String render(String source, String origin, Map<String, Object> bindings) {
    RenderResult result;
    try {
      result = JINJAVA.renderForResult(SourceText.prepare(source), withFunctions(bindings));
    } catch (TemplateStop e) {
      throw new IllegalArgumentException(
          origin + " cannot show the conversation: it " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException(origin + " cannot show the conversation: " + TOO_LARGE, e);
    }
    requireNone(result.getErrors(), origin + " cannot show the conversation");
    return result.getOutput();
  }

  /** Templates ask whether a function is defined as they ask for a variable. */
  private static Map<String, Object> withFunctions(Map<String, Object> bindings) {
    Map<String, Object> all = new HashMap<>(bindings);
    Allowed.FUNCTIONS.forEach(name -> all.put(name.substring(1), true));
    return all;
  }

  private static void requireNone(List<TemplateError> errors, String what) {
    errors.stream()
        .filter(error -> error.getSeverity() == ErrorType.FATAL)
        .findFirst()
        .ifPresent(
            error -> {
              throw new IllegalArgumentException(
                  "%s: %s (line %d)".formatted(what, reason(error), error.getLineno()),
                  error.getException());
            });
  }

  /** The template's own words where it raises, which jinjava wraps. */
  private static String reason(TemplateError error) {
    for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof TemplateStop) {
        return "it " + cause.getMessage();
      }
    }
    return error.getMessage();
  }
}
