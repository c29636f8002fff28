// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.IfTag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Conditions as Jinja2 has them: jinjava's shows what stands behind a {@code break} or a {@code
 * continue}.
 */
final class ConditionTag extends IfTag {
  private static final long serialVersionUID = 1L;

  @Override
  public String interpret(TagNode node, JinjavaInterpreter interpreter) {
    StringBuilder output = new StringBuilder();
    Body.append(chosen(node, interpreter), interpreter, output);
    return output.toString();
  }

  /** The first branch whose condition holds. */
  private List<Node> chosen(TagNode node, JinjavaInterpreter interpreter) {
    List<Node> branch = new ArrayList<>();
    boolean holds = holds(node, interpreter);
    for (Node child : node.getChildren()) {
      boolean next = child.getName().equals("elif") || child.getName().equals("else");
      if (next && holds) {
        return branch;
      }
      if (next) {
        holds = child.getName().equals("else") || holds((TagNode) child, interpreter);
      } else if (holds) {
        branch.add(child);
      }
    }
    return branch;
  }

  private boolean holds(TagNode condition, JinjavaInterpreter interpreter) {
    if (condition.getHelpers().isBlank()) {
      throw new TemplateStop("has an %s without a condition".formatted(condition.getName()));
    }
    return isPositiveIfElseNode(condition, interpreter);
  }
}
