// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.el.TruthyTypeConverter;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.tree.TreeStore;
import jinjava.de.odysseus.el.tree.impl.Cache;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Parser.ExtensionHandler;
import jinjava.de.odysseus.el.tree.impl.Parser.ExtensionPoint;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ExpressionFactory;

/** Jinjava with {@linkplain PythonOperators Python's operators}. */
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

    /** Jinjava makes no other operators than its own of this sign. */
    private static final ExtensionHandler CONCATENATION =
        new ExtensionHandler(ExtensionPoint.ADD) {
          @Override
          public AstNode createAstNode(AstNode... sides) {
            return new AstBinary(sides[0], sides[1], PythonOperators.of(StringConcatOperator.OP));
          }
        };

    SyntaxBuilder() {
      super(Feature.METHOD_INVOCATIONS, Feature.VARARGS);
    }

    @Override
    protected Parser createParser(String expression) {
      ExtendedParser parser =
          new ExtendedParser(this, expression) {
            @Override
            protected AstBinary createAstBinary(
                AstNode left, AstNode right, AstBinary.Operator operator) {
              return super.createAstBinary(left, right, PythonOperators.of(operator));
            }
          };
      parser.putExtensionHandler(StringConcatOperator.TOKEN, CONCATENATION);
      return parser;
    }
  }
}
