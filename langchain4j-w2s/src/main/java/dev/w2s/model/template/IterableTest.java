// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Python can go through one by one: texts, too, which jinjava leaves out. */
final class IterableTest implements ExpTest {

  @Override
  public String getName() {
    return "iterable";
  }

  @Override
  public boolean evaluate(
      @Nullable Object value, JinjavaInterpreter interpreter, Object... arguments) {
    return value instanceof CharSequence
        || value instanceof Collection<?>
        || value instanceof Map<?, ?>;
  }
}
