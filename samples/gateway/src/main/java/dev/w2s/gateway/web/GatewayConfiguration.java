// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import dev.w2s.gateway.admission.Admission;
import dev.w2s.gateway.admission.BearerKeys;
import dev.w2s.gateway.answers.Answering;
import dev.w2s.gateway.answers.Chats;
import dev.w2s.gateway.answers.Texts;
import dev.w2s.gateway.models.EmbeddedModel;
import dev.w2s.gateway.models.LargeModel;
import dev.w2s.gateway.models.Planner;
import dev.w2s.gateway.models.ServedModels;
import dev.w2s.gateway.models.UpstreamModel;
import dev.w2s.gateway.settings.GatewayProperties;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.local.DaemonThreads;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loader;
import dev.w2s.spring.properties.W2sProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.codec.CodecCustomizer;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

/** How the parts are put together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
public class GatewayConfiguration {
  /** In front of Spring Boot's own, which knows nothing of OpenAI. */
  private static final int BEFORE_DEFAULT = -2;

  /** Made by Spring. */
  GatewayConfiguration() {}

  /** Its own, so that the end of one application is not that of another in the same process. */
  @Bean
  ReactorResourceFactory reactorResources() {
    ReactorResourceFactory resources = new ReactorResourceFactory();
    resources.setUseGlobalResources(false);
    return resources;
  }

  @Bean
  LargeModel largeModel(
      GatewayProperties properties,
      ObjectProvider<LocalStreamingChatModel> chat,
      ObjectProvider<LocalLanguageModel> text) {
    return properties.upstream().isSet()
        ? UpstreamModel.of(properties.upstream())
        : new EmbeddedModel(chat.getObject(), text.getObject());
  }

  @Bean
  ServedModels servedModels(
      GatewayProperties properties,
      ObjectProvider<Catalog> catalog,
      ObjectProvider<Loader> loader,
      ObjectProvider<WeightedGuide> others) {
    List<WeightedGuide> guides = new ArrayList<>();
    catalog.ifAvailable(named -> guides.addAll(named.weighted(loader.getObject())));
    others.orderedStream().forEach(guides::add);
    return new ServedModels(properties.baseName(), guides, properties.models());
  }

  @Bean
  Admission admission(
      GatewayProperties properties, ExecutorService answerExecutor, MeterRegistry meters) {
    Admission admission = new Admission(properties.limits(), answerExecutor);
    Gauge.builder("gateway.answers.active", admission, Admission::active)
        .description("Answers in the making")
        .register(meters);
    Gauge.builder("gateway.answers.waiting", admission, Admission::waiting)
        .description("Requests that wait for a place")
        .register(meters);
    return admission;
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService answerExecutor() {
    return DaemonThreads.unbounded("gateway-answer");
  }

  @Bean
  @Order(BEFORE_DEFAULT)
  Errors errors(GatewayProperties properties) {
    return new Errors(properties.limits(), properties.upstream());
  }

  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connections(
      GatewayProperties properties, MeterRegistry meters) {
    Connections connections = new Connections(properties.limits());
    Gauge.builder("gateway.connections", connections, Connections::open)
        .description("Open connections of clients")
        .register(meters);
    return factory -> factory.addServerCustomizers(connections::guard);
  }

  @Bean
  CodecCustomizer bodyLimit(GatewayProperties properties) {
    int most = Math.toIntExact(properties.limits().body().toBytes());
    return codecs -> codecs.defaultCodecs().maxInMemorySize(most);
  }

  @Bean
  WebFilter keyFilter(GatewayProperties properties) {
    return new KeyFilter(new BearerKeys(properties.keys()));
  }

  @Bean
  RouterFunction<ServerResponse> routes(
      GatewayProperties properties,
      W2sProperties search,
      ServedModels models,
      LargeModel large,
      Admission admission,
      Errors errors,
      ExecutorService answerExecutor,
      MeterRegistry meters,
      WebClient.Builder client) {
    Answering answering = new Answering(answerExecutor, meters);
    Planner planner =
        new Planner(
            models,
            large.alone(),
            search.search().beam(),
            search.search().choice(),
            properties.limits());
    Passage passage =
        properties.upstream().isSet()
            ? new Passage(properties.upstream(), client, admission)
            : null;
    return new Routes(
            models,
            planner,
            new Chats(large, answering),
            new Texts(large, answering),
            new Responses(admission, properties.limits(), errors),
            properties.limits(),
            passage)
        .all();
  }
}
