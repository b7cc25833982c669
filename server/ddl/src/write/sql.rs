//! X
use model::provider::Provider;
use model::schema::Schema;
pub(super) fn write(_t: &super::translate::Translated, _target: Provider) -> String {
    String::new()
}
