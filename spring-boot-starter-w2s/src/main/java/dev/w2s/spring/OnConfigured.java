// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import dev.w2s.guidance.WeightedGuide;
import dev.w2s.spring.properties.W2sProperties;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** There is something to load, or to guide by. */
final class OnConfigured extends AnyNestedCondition {

  OnConfigured() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @Conditional(OnGuides.class)
  static final class Guides {}

  @Conditional(OnLocalModels.class)
  static final class LocalModels {}

  /** There is something to guide by. */
  static final class OnGuides extends AnyNestedCondition {

    OnGuides() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @Conditional(OnGuideProperties.class)
    static final class Properties {}

    @ConditionalOnBean(WeightedGuide.class)
    static final class Beans {}
  }

  /** Guides are named by properties. */
  static final class OnGuideProperties extends OnNames {
    OnGuideProperties() {
      super("pairs", "rewards");
    }
  }

  /** Local models are named by properties. */
  static final class OnLocalModels extends OnNames {
    OnLocalModels() {
      super("local");
    }
  }

  /** At least one of several properties is set, whatever it is. */
  private abstract static class OnNames extends SpringBootCondition {
    private final List<String> names;

    OnNames(String... names) {
      this.names = List.of(names);
    }

    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      Binder binder = Binder.get(context.getEnvironment());
      ConditionMessage.Builder message = ConditionMessage.forCondition("guidance");
      for (String name : names) {
        String property = W2sProperties.PREFIX + "." + name;
        if (binder.bind(property, Bindable.mapOf(String.class, Object.class)).isBound()) {
          return ConditionOutcome.match(message.foundExactly(property));
        }
      }
      return ConditionOutcome.noMatch(message.didNotFind("properties").items(names));
    }
  }
}
