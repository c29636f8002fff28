// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.Node;
import java.util.List;

/** What stands within a tag. */
final class Body {
  private Body() {}

  /** Shows it, up to where it breaks off the loop around it or goes on with the next item. */
  static void append(List<Node> body, JinjavaInterpreter interpreter, StringBuilder output) {
    for (Node child : body) {
      output.append(child.render(interpreter));
      if (output.length() > TemplateEngine.MAX_OUTPUT) {
        throw new TemplateStop(
            "writes more than %d characters".formatted(TemplateEngine.MAX_OUTPUT));
      }
      if (interpreter.getContext().get(ForTag.LOOP) instanceof LoopTag.Loop loop
          && loop.isContinued()) { // a break, too
        return;
      }
    }
  }
}
