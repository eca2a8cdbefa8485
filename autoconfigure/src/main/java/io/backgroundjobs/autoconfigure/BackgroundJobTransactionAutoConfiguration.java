package io.backgroundjobs.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.backgroundjobs.engine.CommitHook;

/**
 * Auto-configuration for jobs that wait for the commit of a transaction.
 *
 * @since 1.0.0
 */
@AutoConfiguration(before = BackgroundJobsAutoConfiguration.class)
@ConditionalOnClass(TransactionSynchronizationManager.class)
public final class BackgroundJobTransactionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CommitHook backgroundJobCommitHook() {
		return new TransactionCommitHook();
	}

}
