package io.backgroundjobs.durable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.ParameterizedTypeReference;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.engine.JobStore;
import io.backgroundjobs.engine.StoredJobType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

class DurableJobRegistrarTests {

	private final Map<String, StoredJobType> registered = new LinkedHashMap<>();

	private final Map<String, String> names = new LinkedHashMap<>();

	private final JobStore store = new JobStore() {

		@Override
		public void register(StoredJobType type) {
			DurableJobRegistrarTests.this.registered.put(type.name(), type);
		}

		@Override
		public StoredJob spawn(JobOptions options, List<Object> arguments) {
			throw new UnsupportedOperationException();
		}

	};

	@Test
	void beansAreRegisteredWithTheTypesOfTheirPayloads() {
		try (AnnotationConfigApplicationContext context = start(Jobs.class)) {
			assertThat(this.registered).containsOnlyKeys("send-receipt", "send-all");
			StoredJobType sendReceipt = this.registered.get("send-receipt");
			assertThat(sendReceipt.options()).isSameAs(context.getBean("sendReceipt", DurableJob.class).options());
			assertThat(sendReceipt.argumentTypes()).containsExactly(Receipt.class);
			assertThat(sendReceipt.declaredAt()).isEqualTo("DurableJob bean 'sendReceipt'");
			assertThat(this.registered.get("send-all").argumentTypes())
				.containsExactly(new ParameterizedTypeReference<List<Receipt>>() {
				}.getType());
		}
	}

	@Test
	void namesAreTold() {
		start(Jobs.class).close();
		assertThat(this.names).isEqualTo(
				Map.of("send-receipt", "DurableJob bean 'sendReceipt'", "send-all", "DurableJob bean 'sendAll'"));
	}

	@Test
	void bodyIsGivenThePayloadAndTheRunningJob() throws Exception {
		try (AnnotationConfigApplicationContext context = start(Jobs.class)) {
			JobContext running = mock();
			Receipt receipt = new Receipt("7");
			assertThat(this.registered.get("send-receipt").body().run(List.of(receipt), running)).isNull();
			assertThat(context.getBean(Jobs.class).sent).containsExactly(receipt, running);
		}
	}

	@Test
	void whenBeanIsNoSingletonThenStartFails() {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> start(Prototype.class).close())
			.withMessage("DurableJob bean 'prototype' is no singleton")
			.satisfies((ex) -> assertThat(ex.action())
				.isEqualTo("Remove the scope: each instance of the application must know the job at any time."));
	}

	@Test
	void whenNameIsTakenThenNothingIsRegistered() {
		this.names.put("send-receipt", "another");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> start(Jobs.class).close());
		assertThat(this.registered).isEmpty();
	}

	@Test
	void beansOfTheParentAreLeftToIt() {
		try (AnnotationConfigApplicationContext parent = start(Jobs.class);
				AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
			this.registered.clear();
			this.names.clear();
			child.setParent(parent);
			refresh(child, Object.class);
			assertThat(this.registered).isEmpty();
		}
	}

	private AnnotationConfigApplicationContext start(Class<?> beans) {
		return refresh(new AnnotationConfigApplicationContext(), beans);
	}

	private AnnotationConfigApplicationContext refresh(AnnotationConfigApplicationContext context, Class<?> beans) {
		context.register(beans);
		context.registerBean("registrar", DurableJobRegistrar.class,
				() -> new DurableJobRegistrar(context, (place) -> this.store, this::add));
		context.refresh();
		return context;
	}

	private void add(String name, String place) {
		if (this.names.putIfAbsent(name, place) != null) {
			throw new JobConfigurationException("taken", null);
		}
	}

	record Receipt(String number) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		final List<Object> sent = new ArrayList<>();

		@Bean
		DurableJob<Receipt> sendReceipt() {
			return DurableJob.of(JobOptions.named("send-receipt"), Receipt.class, (receipt, job) -> {
				this.sent.add(receipt);
				this.sent.add(job);
			});
		}

		@Bean
		@Lazy
		DurableJob<List<Receipt>> sendAll() {
			return DurableJob.of(JobOptions.named("send-all"), new ParameterizedTypeReference<List<Receipt>>() {
			}, (receipts, job) -> this.sent.addAll(receipts));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		DurableJob<String> prototype() {
			return DurableJob.of(JobOptions.named("prototype"), String.class, (payload, job) -> {
			});
		}

	}

}
