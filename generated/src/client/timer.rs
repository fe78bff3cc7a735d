//! What waits between two attempts.

use std::{future::Future, time::Duration};

use super::transport::BoxFuture;

/// Waits between two attempts. One that does not wait makes tests quick.
pub trait Timer: Send + Sync + 'static {
    /// Is ready after this time.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// A timer behind a pointer, so that the clients need no type parameter.
pub(super) trait DynTimer: Send + Sync {
    fn sleep_boxed(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

impl<T: Timer> DynTimer for T {
    fn sleep_boxed(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(self.sleep(duration))
    }
}

/// Waits on tokio's clock, which tests can pause.
#[cfg(feature = "reqwest")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioTimer;

#[cfg(feature = "reqwest")]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Puts the thread to sleep: for the blocking client.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadTimer;

impl Timer for ThreadTimer {
    async fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}
