// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.JinjavaInterpreter.InterpreterScopeClosable;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loops as Jinja2 has them: jinjava's leaves out the condition ({@code for x in y if z}), {@code
 * else}, and the loop's neighbours.
 */
final class LoopTag extends ForTag {
  private static final long serialVersionUID = 1L;

  @Override
  @SuppressWarnings("try") // the scope is left, not used
  public String interpret(TagNode node, JinjavaInterpreter interpreter) {
    LoopHeader header = LoopHeader.parse(node.getHelpers());
    List<Object> items = items(header, node, interpreter);
    List<Node> children = node.getChildren();
    int otherwise = placeOfElse(children);
    StringBuilder output = new StringBuilder();
    if (items.isEmpty()) {
      int from = Math.min(otherwise + 1, children.size());
      Body.append(children.subList(from, children.size()), interpreter, output);
      return output.toString();
    }
    try (InterpreterScopeClosable scope = interpreter.enterScope()) {
      Loop loop = new Loop(items);
      interpreter.getContext().put(LOOP, loop);
      while (loop.hasNext()) {
        header.bind(loop.next(), interpreter);
        Body.append(children.subList(0, otherwise), interpreter, output);
      }
    }
    return output.toString();
  }

  private static int placeOfElse(List<Node> children) {
    int at = 0;
    while (at < children.size() && !children.get(at).getName().equals("else")) {
      at++;
    }
    return at;
  }

  @SuppressWarnings("try") // the scope is left, not used
  private static List<Object> items(
      LoopHeader header, TagNode node, JinjavaInterpreter interpreter) {
    Object collection = interpreter.resolveELExpression(header.collection(), node.getLineNumber());
    Collection<?> elements = PythonMethods.elements(collection);
    List<Object> items = new ArrayList<>();
    ForLoop all = ObjectIterator.getLoop(elements == null ? collection : elements);
    try (InterpreterScopeClosable scope = interpreter.enterScope()) {
      while (all.hasNext()) {
        ((BoundedInterpreter) interpreter).spend(1);
        Object item = interpreter.wrap(all.next());
        if (header.condition() == null || holds(header, item, node, interpreter)) {
          items.add(item);
        }
      }
    }
    return items;
  }

  private static boolean holds(
      LoopHeader header, @Nullable Object item, TagNode node, JinjavaInterpreter interpreter) {
    header.bind(item, interpreter);
    return ObjectTruthValue.evaluate(
        interpreter.resolveELExpression(header.condition(), node.getLineNumber()));
  }

  /** A loop that knows its neighbours. */
  static final class Loop extends ForLoop {
    private final List<Object> items;

    Loop(List<Object> items) {
      super(items.iterator(), items.size());
      this.items = items;
    }

    @Nullable Object neighbour(int distance) {
      int at = getIndex0() + distance;
      return at >= 0 && at < items.size() ? items.get(at) : null;
    }
  }
}
