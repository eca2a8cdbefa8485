package io.backgroundjobs.observation;

import java.util.List;
import java.util.Set;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.context.ReactiveSecurityContextHolderThreadLocalAccessor;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestAttributesThreadLocalAccessor;
import org.springframework.web.context.request.RequestContextHolder;
import reactor.core.publisher.Mono;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator.Scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class ContextPropagatorTests {

	private static final ThreadLocal<@Nullable String> tenant = new ThreadLocal<>();

	private final ContextPropagator propagator = ContextPropagator.create(List.of(new TenantAccessor()), Set.of());

	private final Job<?> job = mock();

	@AfterEach
	void clear() {
		tenant.remove();
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void capturedValueIsBoundAndRemovedAfterwards() {
		tenant.set("a");
		Object captured = this.propagator.capture();
		tenant.remove();
		try (Scope scope = this.propagator.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(tenant.get()).isEqualTo("a");
			tenant.set("changed by the body");
		}
		assertThat(tenant.get()).isNull();
	}

	@Test
	void tickSeesNothingOfTheThread() {
		tenant.set("left behind");
		try (Scope scope = this.propagator.open(null, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(tenant.get()).isNull();
			tenant.set("changed by the body");
		}
		assertThat(tenant.get()).isEqualTo("left behind");
	}

	@Test
	void whatWasMissingAtTheSpawnIsCleared() {
		Object captured = this.propagator.capture();
		tenant.set("left behind");
		try (Scope scope = this.propagator.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(tenant.get()).isNull();
		}
	}

	@Test
	void excludedKeyIsNeitherCarriedOverNorLeftOnTheThread() {
		ContextPropagator without = ContextPropagator.create(List.of(new TenantAccessor()), Set.of("tenant"));
		tenant.set("a");
		Object captured = without.capture();
		tenant.set("b");
		try (Scope scope = without.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(tenant.get()).isNull();
			tenant.set("forgotten");
		}
		assertThat(tenant.get()).isEqualTo("b");
	}

	@Test
	void installedAccessorsAreFound() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler((context) -> true);
		ObservationThreadLocalAccessor.getInstance().setObservationRegistry(registry);
		Observation observation = Observation.start("request", registry);
		Object captured;
		try (Observation.Scope current = observation.openScope()) {
			assertThat(current).isNotNull();
			captured = this.propagator.capture();
		}
		try (Scope scope = this.propagator.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(registry.getCurrentObservation()).isSameAs(observation);
		}
		assertThat(registry.getCurrentObservation()).isNull();
	}

	@Test
	void requestAttributesAreNeverCarriedOver() {
		ContextPropagator asked = ContextPropagator.create(List.of(new RequestAttributesThreadLocalAccessor()),
				Set.of());
		RequestContextHolder.setRequestAttributes(mock(RequestAttributes.class));
		Object captured = asked.capture();
		RequestContextHolder.resetRequestAttributes();
		try (Scope scope = asked.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(RequestContextHolder.getRequestAttributes()).isNull();
		}
	}

	@Test
	void keyThatIsAClassIsExcludedByItsName() {
		assertThat(this.propagator.keys()).contains("tenant", ObservationThreadLocalAccessor.KEY,
				SecurityContext.class.getName());
		ContextPropagator without = ContextPropagator.create(List.of(), Set.of(SecurityContext.class.getName()));
		assertThat(without.keys()).contains(SecurityContext.class.getName());
		ThreadLocalAccessor<Mono<SecurityContext>> reactive = new ReactiveSecurityContextHolderThreadLocalAccessor();
		reactive.setValue(Mono.empty());
		Object captured = without.capture();
		reactive.setValue();
		try (Scope scope = without.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(reactive.getValue()).isNull();
		}
	}

	@Test
	void globalAccessorOfObservationsStaysTheGlobalOne() {
		ObservationThreadLocalAccessor before = ObservationThreadLocalAccessor.getInstance();
		ContextPropagator.create(List.of(), Set.of());
		assertThat(ObservationThreadLocalAccessor.getInstance()).isSameAs(before);
	}

	@Test
	void globalRegistryIsLeftAlone() {
		assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).extracting(ThreadLocalAccessor::key)
			.doesNotContain("tenant");
	}

	private static final class TenantAccessor implements ThreadLocalAccessor<String> {

		@Override
		public Object key() {
			return "tenant";
		}

		@Override
		public @Nullable String getValue() {
			return tenant.get();
		}

		@Override
		public void setValue(String value) {
			tenant.set(value);
		}

		@Override
		public void setValue() {
			tenant.remove();
		}

	}

}
