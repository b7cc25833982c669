//! Two people who decide the same at the same moment.

use super::*;

#[tokio::test]
async fn the_same_in_another_order_is_decided_by_the_first() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        let mut verdicts = Vec::new();
        for column in ["product_id", "customer_id"] {
            verdicts.push(Verdict {
                key: shop.from(column).await.key,
                accepted: true,
                note: None,
            });
        }
        let both = services.relation_decide(&shop.eve, &shop.id, verdicts.clone());
        assert_eq!(both.await.unwrap().stored, 2);
        assert_eq!(shop.trail().await.len(), 2);
        shop.catalog
            .sql(
                "create table said as select * from relation_verdicts;
                delete from relation_verdicts;",
            )
            .await;
        // Somebody has begun with the other one.
        let mut first = shop.catalog.store.pool().begin().await.unwrap();
        let customer = "insert into relation_verdicts
            select * from said order by child_column_ids limit 1";
        sqlx::query(customer).execute(&mut *first).await.unwrap();
        let (services, eve) = (shop.catalog.services.clone(), shop.eve.clone());
        let id = shop.id.clone();
        let second =
            tokio::spawn(async move { services.relation_decide(&eve, &id, verdicts).await });
        shop.catalog.something_waits().await;
        let product = "insert into relation_verdicts
            select * from said order by child_column_ids desc limit 1";
        sqlx::query(product).execute(&mut *first).await.unwrap();
        first.commit().await.unwrap();
        let decided = second.await.unwrap().unwrap();
        assert_eq!((decided.stored, decided.refused.len()), (0, 2));
        assert_eq!(shop.trail().await.len(), 2);
        assert_eq!(shop.of(RelationState::Accepted).await.len(), 2);
    })
    .await;
}
