// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

/**
 * A request that has come in: which model it asks for. The rest is read when it is known what
 * stands behind the name.
 */
public final class Request {
  private final Fields fields;
  private final String model;

  private Request(byte[] body) {
    fields = Fields.of(body);
    model = fields.requiredText("model");
  }

  /**
   * Reads a body.
   *
   * @throws ApiException if it is no JSON object or names no model
   */
  public static Request of(byte[] body) {
    return new Request(body);
  }

  /** The name that the client asks for. */
  public String model() {
    return model;
  }

  /** As it came, but for the model's name. */
  public byte[] renamed(String name) {
    return fields.with("model", name);
  }

  /** Whether a chat asks for text in answer to text, and for nothing else. */
  public boolean isPlainChat() {
    return ChatBody.isPlain(fields);
  }

  /** Whether something of its guidance is asked for. */
  public boolean hasWishes() {
    return fields.value(Wishes.OBJECT) != null;
  }

  /**
   * As a chat.
   *
   * @param mostTokens of an answer
   * @throws ApiException if something in it is wrong or not supported
   */
  public ChatBody chat(int mostTokens, int mostChoices) {
    return ChatBody.of(fields, mostTokens, mostChoices);
  }

  /**
   * As a completion.
   *
   * @param mostTokens of an answer
   * @throws ApiException if something in it is wrong or not supported
   */
  public CompletionBody completion(int mostTokens, int mostChoices) {
    return CompletionBody.of(fields, mostTokens, mostChoices);
  }
}
