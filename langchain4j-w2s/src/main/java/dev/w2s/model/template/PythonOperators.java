// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.objects.SafeString;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import jinjava.de.odysseus.el.misc.TypeConverter;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary.Operator;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary.SimpleOperator;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ELContext;
import org.jspecify.annotations.Nullable;

/** Operators that mean something else in Python than in jinjava. */
final class PythonOperators {
  private static final Map<Operator, Operator> PYTHONS =
      Map.of(
          AdditionOperator.OP, new Addition(),
          AstBinary.AND, new And(),
          AstBinary.EQ, new Equality(true),
          AstBinary.NE, new Equality(false),
          AstBinary.MOD, new Modulo(),
          StringConcatOperator.OP, new Concatenation());

  private PythonOperators() {}

  /** Python's for one of jinjava's; the same where they agree. */
  static Operator of(Operator operator) {
    return PYTHONS.getOrDefault(operator, operator);
  }

  /** A number, of which true is 1; null for all else. */
  private static @Nullable Number number(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1L : 0L;
    }
    return value instanceof Number number ? number : null;
  }

  /** Refuses what is not there, as Jinja2's does; jinjava's writes the word null. */
  private static final class Addition extends AdditionOperator {
    @Override
    protected Object apply(TypeConverter converter, @Nullable Object left, @Nullable Object right) {
      if (left == null || right == null) {
        throw new TemplateStop("adds what is not there to '" + (left == null ? right : left) + "'");
      }
      return super.apply(converter, left, right);
    }
  }

  /** Gives the value that decides, not only whether it is true. */
  private static final class And implements Operator {
    @Override
    public @Nullable Object eval(
        Bindings bindings, ELContext context, AstNode left, AstNode right) {
      Object first = left.eval(bindings, context);
      return bindings.convert(first, Boolean.class) ? right.eval(bindings, context) : first;
    }
  }

  /** Makes no number of a text. */
  private static final class Equality extends SimpleOperator {
    private final boolean wanted;

    Equality(boolean wanted) {
      this.wanted = wanted;
    }

    @Override
    protected Object apply(TypeConverter converter, @Nullable Object left, @Nullable Object right) {
      return Objects.equals(comparable(left), comparable(right)) == wanted;
    }

    /** Numbers by their value, all kinds of texts as texts. */
    private static @Nullable Object comparable(@Nullable Object value) {
      Number number = number(value);
      if (number != null && Double.isFinite(number.doubleValue())) {
        return new BigDecimal(number.toString()).stripTrailingZeros();
      }
      return value instanceof CharSequence || value instanceof SafeString
          ? value.toString()
          : value;
    }
  }

  /** Has the sign of its right side. */
  private static final class Modulo extends SimpleOperator {
    @Override
    protected Object apply(TypeConverter converter, @Nullable Object left, @Nullable Object right) {
      Number number = number(left);
      Number divisor = number(right);
      if (number == null || divisor == null) {
        throw new TemplateStop("takes the remainder of what is no number");
      }
      double by = divisor.doubleValue();
      if (by == 0) {
        throw new TemplateStop("divides by zero");
      }
      if (isWhole(number) && isWhole(divisor)) {
        return Math.floorMod(number.longValue(), divisor.longValue());
      }
      double remainder = number.doubleValue() % by;
      if (remainder == 0) {
        return Math.copySign(remainder, by);
      }
      return remainder * by < 0 ? remainder + by : remainder;
    }

    /** Counts, such as a loop's, are integers of Java; numbers in templates are longs. */
    private static boolean isWhole(Number number) {
      return number instanceof Long || number instanceof Integer;
    }
  }

  /** Writes values as Python does. */
  private static final class Concatenation extends StringConcatOperator {
    @Override
    protected Object apply(TypeConverter converter, @Nullable Object left, @Nullable Object right) {
      return PythonText.of(left) + PythonText.of(right);
    }
  }
}
