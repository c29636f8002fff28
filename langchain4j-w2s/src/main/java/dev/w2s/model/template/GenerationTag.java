// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;

/** Marks, for training, what the assistant says; here it shows its body. */
final class GenerationTag implements Tag {
  private static final long serialVersionUID = 1L;

  @Override
  public String interpret(TagNode node, JinjavaInterpreter interpreter) {
    StringBuilder body = new StringBuilder();
    Body.append(node.getChildren(), interpreter, body);
    return body.toString();
  }

  @Override
  public String getName() {
    return "generation";
  }
}
