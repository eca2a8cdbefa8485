package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionCommitHookTests {

	private final TransactionCommitHook hook = new TransactionCommitHook();

	private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(
			new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build()));

	private final List<String> calls = new ArrayList<>();

	@Test
	void withoutATransactionNothingIsRegistered() {
		assertThat(register()).isFalse();
		assertThat(this.calls).isEmpty();
	}

	@Test
	void synchronizationAloneIsNoTransaction() {
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
		this.transaction.executeWithoutResult((status) -> assertThat(register()).isFalse());
		assertThat(this.calls).isEmpty();
	}

	@Test
	void commitCallsTheFirstOnceItIsDone() {
		this.transaction.executeWithoutResult((status) -> {
			assertThat(register()).isTrue();
			assertThat(this.calls).isEmpty();
		});
		assertThat(this.calls).containsExactly("commit");
	}

	@Test
	void rollbackCallsTheSecond() {
		this.transaction.executeWithoutResult((status) -> {
			register();
			status.setRollbackOnly();
		});
		assertThat(this.calls).containsExactly("rollback");
	}

	private boolean register() {
		return this.hook.register(() -> this.calls.add("commit"), () -> this.calls.add("rollback"));
	}

}
