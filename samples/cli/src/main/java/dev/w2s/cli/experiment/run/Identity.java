// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What makes two experiments the same: what the file says, but for its name, its limits and how it
 * is written, and the prompts themselves.
 *
 * @param settings what the file says
 * @param settingsSha256 of the settings
 * @param promptsSha256 of the prompts
 * @param prompts how many there are
 */
public record Identity(
    JsonNode settings, String settingsSha256, String promptsSha256, int prompts) {

  static Identity of(Experiment experiment) {
    ObjectNode settings = (ObjectNode) RecordTree.of(experiment);
    settings.remove(List.of("is", "name", "prompts", "limits"));
    ArrayNode prompts = JsonNodeFactory.instance.arrayNode();
    experiment.prompts().forEach(prompt -> prompts.add(tree(prompt)));
    return new Identity(settings, sha256(settings), sha256(prompts), prompts.size());
  }

  /** A prompt as a line of results has it: a text, or the list of a conversation's messages. */
  static JsonNode tree(Prompt prompt) {
    if (prompt instanceof Prompt.Text raw) {
      return TextNode.valueOf(raw.text());
    }
    ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    for (Turn turn : ((Prompt.Conversation) prompt).turns()) {
      ObjectNode message = messages.addObject();
      message.put("role", turn.role()).put("content", turn.content());
      turn.fields().forEach(message::putPOJO);
    }
    return messages;
  }

  private static String sha256(JsonNode tree) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(tree.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** In what another experiment, which lies there already, differs; empty if it is the same. */
  List<String> differencesTo(Identity there) {
    List<String> differences = RecordTree.differences(there.settings, settings);
    if (!promptsSha256.equals(there.promptsSha256)) {
      differences.add(
          "prompts are others: %d of SHA-256 %.8s... there and %d of %.8s... here"
              .formatted(there.prompts, there.promptsSha256, prompts, promptsSha256));
    }
    return differences;
  }
}
