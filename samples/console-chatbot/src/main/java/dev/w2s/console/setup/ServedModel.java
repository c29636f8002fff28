// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.console.chat.Drawing;
import dev.w2s.console.chat.LargeModel;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A large model behind a server.
 *
 * @param server itself
 * @param url its address
 * @param model its name there
 * @param key where its key comes from
 */
record ServedModel(OpenAiCompatible server, Given url, Given model, ApiKey key)
    implements LargeModel {

  /** Somebody waits in front of a terminal: one more attempt, and then tell. */
  private static final RetryPolicy RETRIES =
      new RetryPolicy(2, Duration.ofMillis(500), Duration.ofSeconds(10));

  /**
   * The model; nothing is sent yet.
   *
   * @throws SetupException if the address is none
   */
  static ServedModel of(Given url, Given model, ApiKey key) {
    try {
      OpenAiCompatible server =
          OpenAiCompatible.builder()
              .baseUrl(url.value())
              .modelName(model.value())
              .apiKey(key.value())
              .api(OpenAiCompatible.Api.CHAT)
              .retries(RETRIES)
              .build();
      return new ServedModel(server, url, model, key);
    } catch (IllegalArgumentException e) {
      throw new SetupException(url + "; " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return server.toString();
  }

  @Override
  public WeakToStrongStreamingChatModel.Builder onto(
      WeakToStrongStreamingChatModel.Builder builder, Drawing drawing, Executor executor) {
    return builder.largeModel(server).temperature(drawing.temperature()).seed(drawing.seed());
  }

  @Override
  public String explain(Throwable failure) {
    String message = LargeModel.super.explain(failure);
    return failure instanceof ServerException e && message.startsWith(root())
        ? message + "; " + hint(e.status())
        : message;
  }

  /** Messages begin with the address; that of a pair's server may be another. */
  private String root() {
    return URI.create(url.value()).resolve("/").toString();
  }

  private String hint(int status) {
    return switch (status) {
      case ServerException.NO_ANSWER -> url + ", and there a server must answer";
      case 401, 403 ->
          key.value() == null
              ? "no key was sent: set " + key.variable() + ", or name another with --api-key-env"
              : "the key is that of " + key.variable() + "; --api-key-env names another";
      case 404 -> url + " and " + model + ", and there must be such a model";
      default -> url + " and " + model;
    };
  }
}
