// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.el.TruthyTypeConverter;
import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.misc.TypeConverter;
import jinjava.de.odysseus.el.tree.TreeStore;
import jinjava.de.odysseus.el.tree.impl.Cache;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ExpressionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Jinjava whose addition refuses what is not there, as Jinja2's does; jinjava's own writes the word
 * null into the prompt.
 */
final class PythonSyntax extends Jinjava {
  private static final int CACHED_EXPRESSIONS = 4096;

  private final ExpressionFactory expressions =
      new ExpressionFactoryImpl(
          new TreeStore(new SyntaxBuilder(), new Cache(CACHED_EXPRESSIONS)),
          new TruthyTypeConverter());

  PythonSyntax(JinjavaConfig config) {
    super(config);
  }

  @Override
  public ExpressionFactory getExpressionFactory() {
    return expressions;
  }

  private static final class SyntaxBuilder extends ExtendedSyntaxBuilder {
    private static final long serialVersionUID = 1L;

    SyntaxBuilder() {
      super(Feature.METHOD_INVOCATIONS, Feature.VARARGS);
    }

    @Override
    protected Parser createParser(String expression) {
      return new ExtendedParser(this, expression) {
        @Override
        protected AstBinary createAstBinary(
            AstNode left, AstNode right, AstBinary.Operator operator) {
          return super.createAstBinary(
              left, right, operator == AdditionOperator.OP ? new Addition() : operator);
        }
      };
    }
  }

  private static final class Addition extends AdditionOperator {
    @Override
    protected Object apply(TypeConverter converter, @Nullable Object left, @Nullable Object right) {
      if (left == null || right == null) {
        throw new TemplateStop("adds what is not there to '" + (left == null ? right : left) + "'");
      }
      return super.apply(converter, left, right);
    }
  }
}
