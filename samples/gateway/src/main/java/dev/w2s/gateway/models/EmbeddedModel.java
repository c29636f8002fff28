// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.openai.CompletionBody.Asked;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.LikelyToken;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.search.ChunkBeam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A large model in this process.
 *
 * @param chatModel the model, asked in conversations
 * @param textModel the same, asked to go on with texts
 */
public record EmbeddedModel(LocalStreamingChatModel chatModel, LocalLanguageModel textModel)
    implements LargeModel {
  private static final String HALF_A_CHARACTER = "\uFFFD";

  @Override
  public WeakToStrongStreamingChatModel.Builder chat() {
    return WeakToStrongStreamingChatModel.builder().delegate(chatModel);
  }

  @Override
  public WeakToStrongStreamingLanguageModel.Builder text() {
    WeakToStrongStreamingLanguageModel.Builder builder =
        WeakToStrongStreamingLanguageModel.builder();
    return builder.delegate(textModel);
  }

  /** Token by token. */
  @Override
  public ChunkBeam alone() {
    return new ChunkBeam(1, 1, 1);
  }

  @Override
  public String text(Asked prompt) {
    String text = prompt.text();
    return text != null ? text : tokenizer().decode(checked(prompt));
  }

  private ModelTokenizer tokenizer() {
    return textModel.model().tokenizer();
  }

  private TokenIds checked(Asked prompt) {
    int vocabulary = textModel.model().summary().vocabulary();
    for (int token : prompt.tokens()) {
      if (token >= vocabulary) {
        throw ApiException.invalid(
            "prompt", "Token %d is not one of the model's %d.".formatted(token, vocabulary));
      }
    }
    return TokenIds.of(prompt.tokens());
  }

  @Override
  public Scored score(Asked prompt, String completion, int likeliest) {
    CausalModel model = textModel.model();
    String text = prompt.text();
    TokenIds before = text == null ? checked(prompt) : tokenizer().encode(text, true);
    // The model's own tokens of both, so that a word that goes over the seam is one again.
    TokenIds all =
        completion.isEmpty()
            ? before
            : text == null
                ? before.plus(tokenizer().encode(completion, false))
                : tokenizer().encode(text + completion, true);
    double[] nats = model.logProbabilities(List.of(all)).get(0);
    List<List<LikelyToken>> others = likeliest == 0 ? List.of() : model.likeliest(all, likeliest);
    return scored(all, nats, others, before.commonPrefix(all));
  }

  /** Each token's text is what the whole text grows by with it, once its characters are whole. */
  private Scored scored(
      TokenIds all, double[] nats, List<List<LikelyToken>> others, int promptTokens) {
    List<Token> tokens = new ArrayList<>();
    String before = "";
    for (int i = 0; i < all.size(); i++) {
      String grown = tokenizer().decode(all.part(0, i + 1));
      boolean isHalf = i + 1 < all.size() && grown.endsWith(HALF_A_CHARACTER);
      String after = isHalf || !grown.startsWith(before) ? before : grown;
      int offset = before.codePointCount(0, before.length());
      String text = after.substring(before.length());
      tokens.add(
          i == 0
              ? new Token(text, offset, null, Map.of())
              : new Token(text, offset, nats[i], likeliest(others, i - 1, text, nats[i])));
      before = after;
    }
    return new Scored(tokens, promptTokens, before);
  }

  private Map<String, Double> likeliest(
      List<List<LikelyToken>> others, int place, String text, double nats) {
    Map<String, Double> likeliest = new LinkedHashMap<>();
    if (!others.isEmpty()) {
      for (LikelyToken other : others.get(place)) {
        likeliest.putIfAbsent(
            tokenizer().decode(TokenIds.of(List.of(other.id()))), other.logProbability());
      }
      likeliest.put(text, nats);
    }
    return likeliest;
  }
}
