// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpreterFactory;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Evaluates so many steps and no more: a template that loops ends, whatever it loops over. And
 * writes values as Python does.
 */
final class BoundedInterpreter extends JinjavaInterpreter {
  /** Steps of one rendering; a conversation of a thousand turns takes some ten thousand. */
  static final int MAX_STEPS = 200_000;

  private final AtomicInteger steps;

  private BoundedInterpreter(
      Jinjava application, Context context, JinjavaConfig config, AtomicInteger steps) {
    super(application, context, config);
    this.steps = steps;
  }

  private BoundedInterpreter(JinjavaInterpreter original, AtomicInteger steps) {
    super(original);
    this.steps = steps;
  }

  static final class Factory implements InterpreterFactory {
    @Override
    public JinjavaInterpreter newInstance(JinjavaInterpreter original) {
      AtomicInteger shared =
          original instanceof BoundedInterpreter bounded ? bounded.steps : new AtomicInteger();
      return new BoundedInterpreter(original, shared);
    }

    @Override
    public JinjavaInterpreter newInstance(
        Jinjava application, Context context, JinjavaConfig config) {
      return new BoundedInterpreter(application, context, config, new AtomicInteger());
    }
  }

  @Override
  public Object resolveELExpression(String expression, int lineNumber) {
    spend(1);
    return super.resolveELExpression(expression, lineNumber);
  }

  /** Takes steps from what is left. */
  void spend(int number) {
    if (steps.addAndGet(number) > MAX_STEPS) {
      throw new TemplateStop(
          "takes more than %d steps (line %d); a chat template must end"
              .formatted(MAX_STEPS, getLineNumber()));
    }
  }

  @Override
  public String getAsString(Object object) {
    return PythonText.of(object);
  }
}
